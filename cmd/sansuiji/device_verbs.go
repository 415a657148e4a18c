package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"

	"sansuiji/device"
)

// enrolFlags are those of "sansuiji device enrol".
type enrolFlags struct{ code, name, key string }

func (e *enrolFlags) define(f *flag.FlagSet) {
	f.StringVar(&e.code, "code", "", "one-time `code` from headquarters")
	f.StringVar(&e.name, "name", "sansuiji device", "what headquarters shows for the device")
	f.StringVar(&e.key, "key", "p256", "`kind` of key: p256 or ed25519")
}

func (e *enrolFlags) run(ctx context.Context, c *deviceCommand, d *device.Device) error {
	kind := device.KeyKind(e.key)
	if e.code == "" || c.server == "" || (kind != device.P256 && kind != device.Ed25519) {
		return fmt.Errorf("%s: %w", c.words.say("enrol-needs"), errUsage)
	}
	who, err := d.Enrol(ctx, device.Enrolling{Code: e.code, Name: e.name, Key: kind})
	if err != nil {
		return err
	}
	return c.print(identityView(&who), "enrolled", who.InspectorName, who.TeamName, who.CampaignName, who.Device)
}

func runPush(ctx context.Context, c *deviceCommand, d *device.Device) error {
	done, err := d.Push(ctx)
	if err != nil {
		return err
	}
	return c.print(map[string]int{"pushed": done.Entries, "carried": done.Carried},
		"pushed", done.Entries, done.Carried)
}

func runPull(ctx context.Context, c *deviceCommand, d *device.Device) error {
	rows, err := d.Pull(ctx)
	if err != nil {
		return err
	}
	return c.print(map[string]int{"pulled": rows}, "pulled", rows)
}

func runSync(ctx context.Context, c *deviceCommand, d *device.Device) error {
	done, err := d.Sync(ctx)
	if err != nil {
		return err
	}
	return c.print(done, "synced", done.Pushed, done.Carried, done.Pulled)
}

// runExport writes the device's entries into a file that a colleague can carry.
func runExport(_ context.Context, c *deviceCommand, d *device.Device) error {
	if c.flags.NArg() != 1 {
		return fmt.Errorf("%s: %w", c.words.say("export-needs"), errUsage)
	}
	bundle, err := d.Export()
	if err != nil {
		return err
	}
	bytes, err := bundle.Marshal()
	if err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	if err := os.WriteFile(c.flags.Arg(0), bytes, 0o600); err != nil {
		return fmt.Errorf("write bundle: %w", err)
	}
	entries := 0
	for i := range bundle {
		entries += len(bundle[i].Entries)
	}
	return c.print(map[string]int{"entries": entries}, "exported", entries, c.flags.Arg(0))
}

func runImport(_ context.Context, c *deviceCommand, d *device.Device) error {
	if c.flags.NArg() != 1 {
		return fmt.Errorf("%s: %w", c.words.say("import-needs"), errUsage)
	}
	f, err := os.Open(c.flags.Arg(0))
	if err != nil {
		return fmt.Errorf("read bundle: %w", err)
	}
	defer func() { _ = f.Close() }()
	bytes, err := io.ReadAll(io.LimitReader(f, device.BundleMax+1))
	if err != nil {
		return fmt.Errorf("read bundle: %w", err)
	}
	bundle, err := device.ParseBundle(bytes)
	if err != nil {
		return err
	}
	done, err := d.Import(bundle)
	if err != nil {
		return err
	}
	return c.print(done, "imported", done.Entries, done.Unverified)
}
