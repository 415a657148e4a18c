// Package report writes what headquarters hands on, each file from one state of the campaign
// that it names: documents (DOCX, PDF) that offices send out, workbooks (XLSX), and the
// evidence (ZIP) that a document rests on. The same state gives the same bytes.
//
// An Order says what is wanted; Printer.Make makes it (make.go), and Jobs does so in the
// background (jobs.go) and lets files go after a while (expire.go).
//
// Documents: package official writes them from facts, paper is the document, docx and pdf
// print it (print.go). Package template fills an office's own wording (templates.go has the
// versions, filled.go makes the file). Package evidence packs what a document rests on
// (evidence.go), package mark draws what inspectors marked over photos.
//
// Workbooks: kinds.go says which lists one has, workbook.go fills it. A listing (listing.go)
// has columns and rows of a query (query.go): findings, verifications, problems, ledger,
// visits, interviews, scores. book.go and sheet.go are the file, cover.go what it shows,
// shot.go its small photos, tidy.go makes its bytes depend on nothing else.
package report
