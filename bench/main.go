// Command bench prints the project's figures, one line each: name, value, unit,
// baseline value and ratio, separated by tabs. A figure and its baseline are
// measured in the same run, turn and turn about, and the median of the rounds is
// printed: machines are shared and noisy, ratios less so.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime/debug"
	"runtime/pprof"
	"slices"
	"strings"
)

// figure is one measured thing and what it is held against.
type figure struct {
	name     string
	value    float64
	unit     string
	baseline float64 // 0: none
}

func (f figure) print() {
	if f.baseline == 0 {
		fmt.Printf("%s\t%.0f\t%s\t\t\n", f.name, f.value, f.unit)
		return
	}
	fmt.Printf("%s\t%.0f\t%s\t%.0f\t%.2f\n", f.name, f.value, f.unit, f.baseline, f.value/f.baseline)
}

func main() {
	rounds := flag.Int("rounds", 5, "measurements of each figure; the median counts")
	only := flag.String("only", "", "measure only figures whose name holds this `text`")
	profile := flag.String("profile", "", "write a CPU profile to this `file`")
	flag.Parse()
	if *profile != "" {
		stop, err := startProfile(*profile)
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer stop()
	}
	debug.SetGCPercent(300) // as the server has it
	if err := run(context.Background(), *rounds, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func startProfile(file string) (stop func(), err error) {
	f, err := os.Create(file)
	if err != nil {
		return nil, err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() {
		pprof.StopCPUProfile()
		if err := f.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
		}
	}, nil
}

func run(ctx context.Context, rounds int, only string) error {
	if strings.Contains(decodeName, only) {
		decode, err := decoding(rounds)
		if err != nil {
			return err
		}
		decode.print()
	}
	if strings.Contains(verifyName, only) {
		verify, err := verifying(rounds)
		if err != nil {
			return err
		}
		verify.print()
	}
	if strings.Contains(pullName, only) {
		pull, err := pulling(ctx, rounds)
		if err != nil {
			return err
		}
		pull.print()
	}
	if strings.Contains(restName, only) {
		figures, err := resting(ctx)
		if err != nil {
			return err
		}
		for _, f := range figures {
			f.print()
		}
	}
	if strings.Contains(drawName, only) || strings.Contains(verifyDrawName, only) || strings.Contains(routeName, only) {
		figures, err := drawing(rounds)
		if err != nil {
			return err
		}
		for _, f := range figures {
			f.print()
		}
	}
	if only != "" && strings.Contains(flatName, only) {
		if err := flattening(ctx, rounds); err != nil {
			return err
		}
	}
	if strings.Contains(officeName, only) {
		if err := officing(ctx, rounds); err != nil {
			return err
		}
	}
	if err := wiring(rounds, only); err != nil {
		return err
	}
	return errors.Join(merging(ctx, rounds, only), mergingOnPostgres(ctx, rounds, only))
}

// median of measurements.
func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
