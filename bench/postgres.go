package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store/postgres"
	"sansuiji/server/store/postgres/postgrestest"
	"sansuiji/syncengine/chain"

	"github.com/jackc/pgx/v5"
)

// mergingOnPostgres measures the same pushes into PostgreSQL and into SQLite, by
// CPU time and by the clock. For PostgreSQL the CPU time is ours and that of all
// the cluster's processes. Both force every push to the disk.
func mergingOnPostgres(ctx context.Context, rounds int, only string) (err error) {
	shapes := []shape{
		{name: "merge bulk entries, PostgreSQL", entries: 40, changes: 1000, group: 1},
		{name: "merge one-change entries, PostgreSQL", entries: 20000, changes: 1, group: 100},
	}
	if !strings.Contains(shapes[0].name+"\n"+shapes[1].name, only) {
		return nil
	}
	cluster, err := postgrestest.Start(postgrestest.Durable)
	if errors.Is(err, postgrestest.ErrNotInstalled) {
		fmt.Printf("%s\tnot measured: %v\n", shapes[0].name, err)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cluster.Stop()) }()
	for i, s := range shapes {
		if !strings.Contains(s.name, only) {
			continue
		}
		var cpu, wall, baseCPU, baseWall []float64
		for round := range rounds {
			base, err := onSQLite(ctx, s)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			spent, err := onPostgres(ctx, cluster, fmt.Sprintf("bench_%d_%d", i, round), s)
			if err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
			changes := float64(s.entries * s.changes)
			cpu, wall = append(cpu, changes/spent.cpu.Seconds()), append(wall, changes/spent.wall.Seconds())
			baseCPU = append(baseCPU, changes/base.cpu.Seconds())
			baseWall = append(baseWall, changes/base.wall.Seconds())
		}
		figure{s.name, median(cpu), "changes/s CPU", median(baseCPU)}.print()
		figure{s.name, median(wall), "changes/s", median(baseWall)}.print()
	}
	return nil
}

// spent is what a stream of pushes took.
type spent struct{ cpu, wall time.Duration }

func onSQLite(ctx context.Context, s shape) (spent, error) {
	b, err := newBed(ctx)
	if err != nil {
		return spent{}, err
	}
	pushes, _ := b.stream(s)
	done, err := b.timed(ctx, pushes, func() (time.Duration, error) { return 0, nil })
	return done, errors.Join(err, b.close())
}

func onPostgres(
	ctx context.Context, cluster *postgrestest.Cluster, database string, s shape,
) (spent, error) {
	if err := createDatabase(ctx, cluster, database); err != nil {
		return spent{}, err
	}
	db, err := postgres.Open(ctx, cluster.Database(database), schema.NewCatalogue())
	if err != nil {
		return spent{}, err
	}
	dir, err := os.MkdirTemp("", "sansuiji-bench-")
	if err != nil {
		return spent{}, err
	}
	b, err := newBedOn(ctx, db, dir)
	if err != nil {
		return spent{}, err
	}
	pushes, _ := b.stream(s)
	postmaster, err := cluster.Postmaster()
	if err != nil {
		return spent{}, err
	}
	done, err := b.timed(ctx, pushes, func() (time.Duration, error) { return familyTime(postmaster) })
	return done, errors.Join(err, b.close())
}

func createDatabase(ctx context.Context, cluster *postgrestest.Cluster, name string) error {
	conn, err := pgx.Connect(ctx, cluster.Database("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, "CREATE DATABASE "+pgx.Identifier{name}.Sanitize())
	return errors.Join(err, conn.Close(ctx))
}

// timed sends the pushes; others tells the CPU time of processes that work for us.
func (b *bed) timed(
	ctx context.Context, pushes []chain.Push, others func() (time.Duration, error),
) (spent, error) {
	before, err := others()
	if err != nil {
		return spent{}, err
	}
	began := time.Now()
	cpu, err := b.push(ctx, pushes)
	wall := time.Since(began)
	if err != nil {
		return spent{}, err
	}
	after, err := others()
	return spent{cpu + after - before, wall}, err
}

// ticks is how often a second the kernel counts.
const ticks = 100

// familyTime is the CPU time that a process and its children have used, and those
// of its children that are gone.
func familyTime(parent int) (time.Duration, error) {
	files, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return 0, err
	}
	sum := 0
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it ended meanwhile
		}
		// After the name in brackets: state, parent, … from the 12th on utime, stime,
		// cutime, cstime.
		fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
		times := fields[11:13]
		switch {
		case filepath.Base(filepath.Dir(file)) == strconv.Itoa(parent):
			times = fields[11:15]
		case fields[1] != strconv.Itoa(parent):
			continue
		}
		for _, t := range times {
			n, err := strconv.Atoi(t)
			if err != nil {
				return 0, fmt.Errorf("read %s: %w", file, err)
			}
			sum += n
		}
	}
	return time.Duration(sum) * time.Second / ticks, nil
}
