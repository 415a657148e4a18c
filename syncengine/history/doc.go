// Package history is the exported history of a campaign, and the check that it
// is what devices signed and headquarters acknowledged. The check needs neither
// the database nor the server: a file and, better, a checkpoint that a device
// kept.
//
// A history file has one line of JSON per thing, each in the one form it has (no
// spaces, keys in this order, ids in lower case, bytes in padded base64):
//
//	{"format":"sansuiji/history/1","campaign":"…","origin":"sansuiji/…"}
//	{"position":1,"epoch":"…","device":"…","seq":1,"received_at":1790000000000,"clock":"…","entry":"…","leaf":"…"}
//	{"device":"…","seq":1,"signature":"…"}
//	{"checkpoint":"…"}
//	{"page":"…"}
//
// The first line is the header. A record is an entry at its position: received_at
// and clock (the effective one, decimal text) as headquarters decided, entry the
// canonical bytes (package chain), leaf the leaf's hash in the log (package
// translog). A seal is the device's signature over its chain up to the record
// before it. A checkpoint is headquarters' signed checkpoint of the records
// before it. A page is a signed note of headquarters over all lines before it:
//
//	sansuiji/history/<campaign>
//	<number of lines before it>
//	<SHA-256 of those lines with their ends, base64>
//
// A Writer puts a page after PageLines lines, and the file must end with a
// checkpoint and a page: so a line that was left out or added is found even
// where no device signed that it be there, and found within its page.
package history
