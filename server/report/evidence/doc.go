// Package evidence packs what a report rests on into one file, and checks such files: the
// report as it is printed, the rows and photos behind each of its numbers, the entries of
// the history that wrote those rows with proofs that headquarters acknowledged them, and
// the draws. Who checks needs the file alone; docs/EVIDENCE.md is its form.
//
// A file is a ZIP archive in which nothing is compressed and every byte is known: it is
// either of a member, whose SHA-256 the manifest has, or of the archive's structure, which
// follows from the manifest. So one byte that changed is found wherever it is, and named.
//
// Gather takes what is needed from one state of a campaign, Pack writes the file, Verify
// checks it, as web/apps/evidence does in a browser.
package evidence
