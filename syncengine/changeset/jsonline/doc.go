// Package jsonline shows changesets and patchsets as lines of JSON, one change
// each, and makes them again from such lines.
//
// A line is an object with these keys in this order:
//
//	"table"     name
//	"op"        "INSERT", "UPDATE" or "DELETE"
//	"indirect"  true for a change made by a trigger or foreign key action
//	"pk"        one bool per column, true inside the primary key
//	"format"    "changeset" or "patchset"
//	"old"       one value per column, or null where the format has no record
//	"new"       likewise
//
// and, only where the bytes could not be made again without them:
//
//	"pk_flags"     the key flags, where they are not 1, 2, … in column order
//	"table_bytes"  the name in hex, where it is not UTF-8
//	"header"       true where a header of the very table that is open comes first
//
// A value is an object with one key, or null where the format has no value:
//
//	{"i":"-12"}               integer, in decimal
//	{"r":"3ff8000000000000"}  the eight bytes of a real, in hex
//	{"t":"文字"}              text that is valid UTF-8
//	{"tx":"80ff"}             text that is not, in hex
//	{"b":"00ff"}              blob, in hex
//	{"n":true}                NULL
//
// Numbers never ride on JSON numbers: those lose integers above 2^53, infinities
// and the sign of zero in most readers. A header without changes has no line.
package jsonline
