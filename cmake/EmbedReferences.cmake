# SPDX-License-Identifier: BSD-3-Clause
# Writes the bibliography (model/refs/*.bib) as a C array, so that the program carries its sources.
# Called at build time: cmake -DFOLDER=... -DOUTPUT=... -P EmbedReferences.cmake
file(GLOB parts ${FOLDER}/*.bib)
list(SORT parts)
set(bytes "")
foreach(part ${parts})
  file(READ ${part} hex HEX)
  string(APPEND bytes "${hex}0a")
endforeach()
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
string(REGEX REPLACE "((0x..,){20})" "\\1\n" bytes "${bytes}")
file(WRITE ${OUTPUT}.new "/* Generated from model/refs/. */\n"
     "extern const char nw_references_text[];\n"
     "const char nw_references_text[] = {\n${bytes}0};\n")
file(COPY_FILE ${OUTPUT}.new ${OUTPUT})
file(REMOVE ${OUTPUT}.new)
