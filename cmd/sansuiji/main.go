// Command sansuiji is the one program: server, demo, and the tools around them.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"sansuiji/schema"
)

const usage = `usage: sansuiji COMMAND [ARGUMENTS]
       sansuiji COMMAND --help

  serve       serve headquarters and the field app
  demo        serve a made-up city to try everything with
  fsck        replay the whole history and compare every cell
  backup      copy the database, also while a server works on it
  restore     put a copy in its place: devices send again what it lacks
  account     let people in at headquarters
  campaign    add campaigns, list them
  report      print a report, a letter, a visit sheet or a bulletin (DOCX, PDF)
  import      import a table (XLSX, CSV) of units, problems, people, …
  history     export the history of a campaign as a file
  draw        draw units, teams and routes by chance, so that anybody can check it
  verify      check a draw's certificate, a report's evidence, or a history against everybody's signatures
  device      a device on the command line: enrol, save, sync, carry
  changeset   dump or encode a SQLite changeset
  describe    print the interface description the web side is generated from
  version     say which program this is
`

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(stderr, usage)
		return 2
	}
	switch args[0] {
	case "help", "-h", "-help", "--help":
		if len(args) > 1 && !wantsHelp(args[1:]) {
			return run(append(slices.Clone(args[1:]), "--help"), stdin, stdout, stderr)
		}
		fmt.Fprint(stdout, usage)
		return 0
	case "version", "-version", "--version":
		fmt.Fprintf(stdout, "sansuiji %s, schema version %d\n", version, schema.Version)
		return 0
	case "serve":
		return runServe(args[1:], stdout, stderr)
	case "demo":
		return runDemo(args[1:], stdout, stderr)
	case "fsck":
		return runFsck(args[1:], stdout, stderr)
	case "backup":
		return runBackup(args[1:], stdout, stderr)
	case "restore":
		return runRestore(args[1:], stdout, stderr)
	case "account":
		return runAccount(args[1:], stdout, stderr)
	case "campaign":
		return runCampaign(args[1:], stdout, stderr)
	case "import":
		return runIntake(args[1:], stdout, stderr)
	case "report":
		return runReport(args[1:], stdout, stderr)
	case "history":
		return runHistory(args[1:], stdout, stderr)
	case "draw":
		return runDraw(args[1:], stdout, stderr)
	case "verify":
		return runVerify(args[1:], stdin, stdout, stderr)
	case "device":
		return runDevice(args[1:], stdout, stderr)
	case "changeset":
		return runChangeset(args[1:], stdin, stdout, stderr)
	case "describe":
		return runDescribe(args[1:], stdout, stderr)
	default:
		fmt.Fprintf(stderr, "sansuiji: no command %q\n%s", args[0], usage)
		return 2
	}
}
