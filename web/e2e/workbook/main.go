// Command workbook prints an XLSX file's sheets as JSON, so that end-to-end tests
// can read a report with another program than the one that looked at it.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/xuri/excelize/v2"
)

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "workbook:", err)
		os.Exit(1)
	}
}

func run(file string) error {
	f, err := excelize.OpenFile(file)
	if err != nil {
		return err
	}
	sheets := map[string][][]string{}
	for _, name := range f.GetSheetList() {
		if sheets[name], err = f.GetRows(name); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(sheets)
}
