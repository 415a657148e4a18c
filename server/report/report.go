// Package report makes what headquarters hands on: workbooks (XLSX) of what a campaign
// holds, and documents (DOCX, PDF) that offices send out. Each says which state of the
// campaign it shows, and the same state gives the same bytes.
//
// make.go has the formats, and which kinds there are in each. A workbook is lists
// (listing.go) on sheets (sheet.go) with a cover. Package official writes a document from
// one state of a campaign, paper is the document, docx and pdf print it. A Job is a file
// that somebody asked for.
package report
