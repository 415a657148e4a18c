package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"sansuiji/device"
	"sansuiji/schema"
)

// Exit codes of "sansuiji device", for scripts.
const (
	deviceRefused = 1 // refused or failed
	deviceUsage   = 2
	deviceOffline = 3 // no network: try again later
)

// errUsage says that the command line is wrong; what exactly stands before it.
var errUsage = errors.New("usage")

// deviceCommand is one call of "sansuiji device VERB".
type deviceCommand struct {
	flags  *flag.FlagSet
	file   string
	server string
	lang   string
	json   bool
	words  words
	stdout io.Writer
	stderr io.Writer
}

// deviceVerb does one thing with an open device.
type deviceVerb struct {
	name  string
	flags func(*flag.FlagSet) // its own, if any
	run   func(context.Context, *deviceCommand, *device.Device) error
}

func deviceVerbs() []deviceVerb {
	var e enrolFlags
	var seen acknowledged
	return []deviceVerb{
		{"enrol", e.define, e.run},
		{"put", nil, runPut},
		{"push", nil, runPush},
		{"pull", nil, runPull},
		{"sync", nil, runSync},
		{
			"status", seen.define,
			func(_ context.Context, c *deviceCommand, d *device.Device) error { return runStatus(c, d, seen) },
		},
		{"export", nil, runExport},
		{"import", nil, runImport},
	}
}

// runDevice runs "sansuiji device" with the arguments after that word.
func runDevice(args []string, stdout, stderr io.Writer) int {
	for _, verb := range deviceVerbs() {
		if len(args) > 0 && args[0] == verb.name {
			return verb.call(args[1:], stdout, stderr)
		}
	}
	return tellVerbs(args, wordsIn(langOf(args)).say("usage"), stdout, stderr)
}

func (v *deviceVerb) call(args []string, stdout, stderr io.Writer) int {
	c := &deviceCommand{stdout: stdout, stderr: stderr, lang: langOf(args)}
	c.words = wordsIn(c.lang)
	c.flags = flag.NewFlagSet("sansuiji device "+v.name, flag.ContinueOnError)
	c.flags.SetOutput(stderr)
	c.flags.StringVar(&c.file, "file", "", "the device's `file`")
	c.flags.StringVar(&c.server, "server", "", "headquarters' `address`; kept in the file")
	c.flags.StringVar(&c.lang, "lang", "zh", "language of messages: zh or en")
	c.flags.BoolVar(&c.json, "json", false, "print JSON")
	if v.flags != nil {
		v.flags(c.flags)
	}
	if code, ok := readArguments(c.flags, args, anyFiles, "", stdout); !ok {
		return code
	}
	err := c.withDevice(v.name == "enrol", func(ctx context.Context, d *device.Device) error {
		return v.run(ctx, c, d)
	})
	return c.report(err)
}

// withDevice opens the file. Only an enrolment makes one.
func (c *deviceCommand) withDevice(
	create bool, do func(context.Context, *device.Device) error,
) (err error) {
	if c.file == "" {
		return fmt.Errorf("%s: %w", c.words.say("no-file"), errUsage)
	}
	if _, err := os.Stat(c.file); err != nil && !create {
		return err
	}
	settings := device.Settings{Now: time.Now, Random: rand.Reader, Version: version}
	d, err := device.Open(c.file, settings)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if c.server == "" {
		if c.server, err = d.Server(); err != nil {
			return err
		}
	}
	if c.server != "" {
		way, err := device.NewHTTP(c.server)
		if err != nil {
			return fmt.Errorf("%w: %w", errUsage, err)
		}
		defer way.Close()
		d.Transport = way
		if err := d.SetServer(c.server); err != nil {
			return err
		}
	}
	return do(context.Background(), d)
}

// report says what went wrong and gives the exit code.
func (c *deviceCommand) report(err error) int {
	var refusal *device.Refusal
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errUsage):
		fmt.Fprintf(c.stderr, "%s: %v\n", c.flags.Name(), err)
		return deviceUsage
	case errors.Is(err, device.ErrOffline):
		c.explain("offline", err)
		return deviceOffline
	case errors.As(err, &refusal) && refusal.Code == "":
		c.explain("refused", err)
	case schema.FaultCode(err) != "":
		c.explainFault(err)
	case errors.Is(err, device.ErrNotEnrolled):
		c.explain("not-enrolled", err)
	case errors.Is(err, device.ErrFull):
		c.explain("full", err)
	case errors.Is(err, device.ErrNewer):
		c.explain("newer", err)
	default:
		c.explain("failed", err)
	}
	return deviceRefused
}

func (c *deviceCommand) explain(word string, err error) {
	fmt.Fprintf(c.stderr, "%s: %s\n  %v\n", c.flags.Name(), c.words.say(word), err)
}

// explainFault says a fault of the list in the words that people know.
func (c *deviceCommand) explainFault(err error) {
	for _, f := range schema.Faults() {
		if f.Code == schema.FaultCode(err) {
			fmt.Fprintf(c.stderr, "%s: %s\n  %s\n  %v\n", c.flags.Name(),
				c.words.of(f.Title), c.words.of(f.Advice), err)
			return
		}
	}
	c.explain("refused", err)
}

// print prints a result as JSON, or as a line of words.
func (c *deviceCommand) print(result any, word string, args ...any) error {
	if c.json {
		return json.NewEncoder(c.stdout).Encode(result)
	}
	_, err := fmt.Fprintf(c.stdout, c.words.say(word)+"\n", args...)
	return err
}
