package main

import (
	"fmt"
	"io"
	"os"

	"sansuiji/draw"
)

// runVerifyDraw runs "sansuiji verify CERTIFICATE".
func runVerifyDraw(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := newVerifyFlags("sansuiji verify", w)
	f.SetOutput(stderr)
	var known []draw.Hash
	frame := f.String("frame", "", drawWord(w, "flag-frame"))
	log := f.String("log", "", drawWord(w, "flag-log"))
	f.knownVar(&known)
	if code, ok := readArguments(f.FlagSet, args, 1, verifyWord(w, "usage"), stdout); !ok {
		return code
	}
	if *frame == "" {
		fmt.Fprintf(stderr, drawWord(w, "needs"), "--frame")
		return exitUnknown
	}
	files, err := readAll(f.Arg(0), *frame, *log)
	if err != nil {
		fmt.Fprintln(stderr, sayDrawError(w, err))
		return exitUnknown
	}
	return printVerification(draw.Verify(files[0], files[1], files[2], known), w, stdout)
}

// runVerifySite runs "sansuiji verify site RECORD".
func runVerifySite(args []string, stdout, stderr io.Writer) int {
	w := wordsIn(langOf(args))
	f := newVerifyFlags("sansuiji verify site", w)
	f.SetOutput(stderr)
	var known []draw.Hash
	certificate := f.String("certificate", "", drawWord(w, "flag-certificate"))
	roster := f.String("roster", "", drawWord(w, "flag-roster"))
	f.knownVar(&known)
	if code, ok := readArguments(f.FlagSet, args, 1, verifyWord(w, "usage"), stdout); !ok {
		return code
	}
	for _, flag := range [][2]string{{"--certificate", *certificate}, {"--roster", *roster}} {
		if flag[1] == "" {
			fmt.Fprintf(stderr, drawWord(w, "needs"), flag[0])
			return exitUnknown
		}
	}
	files, err := readAll(f.Arg(0), *certificate, *roster)
	if err != nil {
		fmt.Fprintln(stderr, sayDrawError(w, err))
		return exitUnknown
	}
	code := printVerification(draw.VerifySite(files[0], files[1], files[2], known...), w, stdout)
	fmt.Fprintln(stdout, verifyWord(w, "site-only"))
	return code
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
	fmt.Fprintln(stdout, marks[v.Result], draw.Say(language, v.Result))
	if v.Hash != (draw.Hash{}) { // it could be read
		fmt.Fprintln(stdout, verifyWord(w, "hash"), v.Hash)
	}
	return map[string]int{draw.Holds: exitProven, draw.Fails: exitFault, draw.Unknown: exitUnknown}[v.Result]
}
