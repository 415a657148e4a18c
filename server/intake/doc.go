// Package intake takes in tables as offices keep them: XLSX workbooks with titles, merged
// cells and totals, CSV files in whatever encoding the office program chose.
//
// A file is read into a sheet, the sheet's header is matched to the fields of a kind of
// import, each row becomes a record of typed values, and the records are compared with
// what the campaign has. The comparison is the preview. It is written only when nothing
// is wrong with any row, and writes differences alone: to import a file again changes
// nothing, and finishes an import that was interrupted. Nothing is ever deleted.
package intake
