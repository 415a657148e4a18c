package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
)

// anyFiles lets a command take as many arguments beside its flags as it likes.
const anyFiles = -1

// exitUsage says that a command was called in a wrong way.
const exitUsage = 2

// readArguments reads what a command was called with: flags, which may stand before and
// after its files, and so many of those. If ok is false, there is nothing to do but exit
// with code: the person asked for help, which is usage and the flags, or was told what is
// wrong.
func readArguments(
	f *flag.FlagSet, args []string, files int, usage string, stdout io.Writer,
) (code int, ok bool) {
	f.Usage = func() {}
	given, err := parseAll(f, args)
	if errors.Is(err, flag.ErrHelp) {
		f.SetOutput(stdout)
		tellUsage(f, usage)
		return 0, false
	}
	if err == nil && files != anyFiles {
		err = countFiles(f, given, files)
	}
	if err != nil {
		tellUsage(f, usage)
		return exitUsage, false
	}
	return 0, true
}

// parseAll reads flags wherever they stand; what is none of them is f.Args() then. After
// "--" nothing is a flag.
func parseAll(f *flag.FlagSet, args []string) (files []string, err error) {
	for {
		if err := f.Parse(args); err != nil {
			return nil, err
		}
		rest := f.Args()
		read := len(args) - len(rest)
		if len(rest) == 0 || read > 0 && args[read-1] == "--" {
			files = append(files, rest...)
			break
		}
		files, args = append(files, rest[0]), rest[1:]
	}
	return files, f.Parse(append([]string{"--"}, files...))
}

var errFiles = errors.New("wrong number of arguments")

func countFiles(f *flag.FlagSet, given []string, want int) error {
	switch {
	case len(given) > want:
		fmt.Fprintf(f.Output(), "%s: one argument too many: %s\n", f.Name(), given[want])
	case len(given) < want:
		fmt.Fprintf(f.Output(), "%s: a file must be named\n", f.Name())
	default:
		return nil
	}
	return errFiles
}

func tellUsage(f *flag.FlagSet, usage string) {
	if usage == "" {
		usage = "usage: " + f.Name() + " [FLAGS]\n"
	}
	fmt.Fprintf(f.Output(), "%s\nflags:\n", strings.TrimRight(usage, "\n")+"\n")
	f.PrintDefaults()
}

// wantsHelp tells who asks what a command with verbs can do.
func wantsHelp(args []string) bool {
	return len(args) > 0 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0])
}

// tellVerbs answers a command that was called with no verb that it knows: with its usage,
// on standard output for who asked for that.
func tellVerbs(args []string, usage string, stdout, stderr io.Writer) int {
	if wantsHelp(args) {
		fmt.Fprint(stdout, usage)
		return 0
	}
	fmt.Fprint(stderr, usage)
	return exitUsage
}
