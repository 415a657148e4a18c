// Command sansuiji is the one program: server, demo, and the tools around them.
package main

import (
	"fmt"
	"io"
	"os"
)

const usage = `usage: sansuiji COMMAND [ARGUMENTS]

  changeset   dump or encode a SQLite changeset
  describe    print the interface description the web side is generated from
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	switch args[0] {
	case "changeset":
		return runChangeset(args[1:], stdin, stdout, stderr)
	case "describe":
		return runDescribe(args[1:], stdout, stderr)
	default:
		fmt.Fprintf(stderr, "sansuiji: no command %q\n%s", args[0], usage)
		return 2
	}
}
