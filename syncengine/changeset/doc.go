// Package changeset reads and writes what SQLite's session extension records:
// changesets and patchsets. It never panics on foreign bytes, bounds everything
// it does by Limits, and copies no text or blob.
//
// The input is a list of tables and their changes:
//
//	header   'T' (changeset) or 'P' (patchset), number of columns (varint),
//	         one key flag per column, table name, zero byte
//	change   operation (18, 23, 9), indirect flag (0, 1), one or two records
//	record   one value per column
//	value    0 (none) | 1 and 8 bytes (integer) | 2 and 8 bytes (real)
//	         | 3, length, text | 4, length, blob | 5 (NULL)
//
// Numbers of eight bytes are big-endian; lengths are SQLite varints. A key flag
// is 0, or the place of the column in the primary key counted from 1. Records:
//
//	          changeset                              patchset
//	INSERT    the whole new row                      the whole new row
//	UPDATE    old: key and changed columns,          key and new values of
//	          new: changed columns                   changed columns
//	DELETE    the whole old row                      key columns only, packed
//
// The source is the comment "CHANGESET FORMAT" in SQLite's sqlite3session.c and
// the iterator beside it, as of 3.54.1.
//
// # Stricter than SQLite
//
// All that SQLite's session, changegroup and inversion write is accepted, and
// nothing SQLite's iterator rejects. Beyond that the Reader rejects what SQLite's
// iterator takes but then reads as something else, or fails on when it applies it:
//
//   - type bytes above 5 and reals that are no number: SQLite reads NULL;
//   - lengths not in their shortest form: SQLite drops the 32nd bit;
//   - indirect flags other than 0 and 1;
//   - a table without a key column, and changesets mixed with patchsets, which
//     SQLite's changegroup refuses;
//   - NULL in a key, which a session never records and which names no row;
//   - a missing value in a whole row, or in the key of an UPDATE;
//   - a changed column in an UPDATE of a changeset without both values.
//
// So the bytes of an accepted input follow from its headers and changes, and a
// Writer gives them back. Only a header without changes is lost on the way.
package changeset
