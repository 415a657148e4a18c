package main

import (
	"flag"
	"fmt"
	"io"
	"os"

	"sansuiji/draw"
)

// knownHashes collects a flag that may be given more than once.
type knownHashes []draw.Hash

func (k *knownHashes) String() string { return fmt.Sprint(*k) }

func (k *knownHashes) Set(text string) error {
	var h draw.Hash
	err := h.UnmarshalText([]byte(text))
	*k = append(*k, h)
	return err
}

// runVerifyDraw runs "sansuiji verify CERTIFICATE".
func runVerifyDraw(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := flag.NewFlagSet("sansuiji verify", flag.ContinueOnError)
	f.SetOutput(stderr)
	var known knownHashes
	frame := f.String("frame", "", drawWord(w, "flag-frame"))
	log := f.String("log", "", drawWord(w, "flag-log"))
	f.Var(&known, "known", drawWord(w, "flag-known"))
	f.String("lang", "zh", "language of messages: zh or en")
	certificate := args[0]
	if err := f.Parse(args[1:]); err != nil {
		return exitUnknown
	}
	if *frame == "" || f.NArg() > 0 {
		fmt.Fprintf(stderr, drawWord(w, "needs"), "--frame")
		return exitUnknown
	}
	files, err := readAll(certificate, *frame, *log)
	if err != nil {
		fmt.Fprintln(stderr, sayDrawError(w, err))
		return exitUnknown
	}
	return printVerification(draw.Verify(files[0], files[1], files[2], known), w, stdout)
}

// runVerifySite runs "sansuiji verify site RECORD".
func runVerifySite(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := flag.NewFlagSet("sansuiji verify site", flag.ContinueOnError)
	f.SetOutput(stderr)
	certificate := f.String("certificate", "", drawWord(w, "flag-certificate"))
	roster := f.String("roster", "", drawWord(w, "flag-roster"))
	f.String("lang", "zh", "language of messages: zh or en")
	if len(args) == 0 {
		fmt.Fprintln(stderr, verifyUsage)
		return exitUnknown
	}
	if err := f.Parse(args[1:]); err != nil {
		return exitUnknown
	}
	for name, value := range map[string]string{"--certificate": *certificate, "--roster": *roster} {
		if value == "" {
			fmt.Fprintf(stderr, drawWord(w, "needs"), name)
			return exitUnknown
		}
	}
	files, err := readAll(args[0], *certificate, *roster)
	if err != nil {
		fmt.Fprintln(stderr, sayDrawError(w, err))
		return exitUnknown
	}
	return printVerification(draw.VerifySite(files[0], files[1], files[2]), w, stdout)
}

// readAll reads files; one that is not named is nil.
func readAll(names ...string) ([][]byte, error) {
	files := make([][]byte, len(names))
	for i, name := range names {
		if name == "" {
			continue
		}
		var err error
		if files[i], err = os.ReadFile(name); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// printVerification says step by step what holds, and the exit code for it.
func printVerification(v *draw.Verification, w words, stdout io.Writer) int {
	language := "zh"
	if w.english {
		language = "en"
	}
	marks := map[string]string{draw.Holds: "✓", draw.Fails: "✗", draw.Unknown: "?"}
	for _, s := range v.Steps {
		fmt.Fprintln(stdout, marks[s.Result], draw.Say(language, s.Name))
		if s.Problem != nil {
			fmt.Fprintln(stdout, "   ", s.Problem.Say(language))
		}
		for i := range s.Notes {
			fmt.Fprintln(stdout, "   ", s.Notes[i].Say(language))
		}
	}
	fmt.Fprintln(stdout, marks[v.Result], draw.Say(language, v.Result), v.Hash)
	return map[string]int{draw.Holds: exitProven, draw.Fails: exitFault, draw.Unknown: exitUnknown}[v.Result]
}
