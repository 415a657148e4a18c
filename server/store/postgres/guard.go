package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/jackc/pgx/v5/pgconn"
)

// Guard keeps those apart who must not work on a database at once: any number of servers
// share it, who restores or migrates has it alone. It is a lock of a connection of its own,
// so it ends with the process, however that ends.
type Guard struct {
	config  *pgconn.Config
	version int // of the database, in migrations
	conn    *conn
	end     context.CancelFunc
	ended   chan struct{}
	lost    chan error
}

// Errors of guards. What they wrap names who is in the way.
var (
	// ErrServed says that others work on a database that somebody needs alone.
	ErrServed = errors.New("others work on this database: stop them first")
	// ErrTaken says that somebody has a database alone.
	ErrTaken = errors.New("this database is being restored or upgraded: start again when that is done")
)

// guardLock is the number of the lock.
const guardLock = 0x73616e03

const (
	// waitForOthers is how long it is waited for others who start, stop or migrate.
	waitForOthers = 30 * time.Second
	// again is how long it is waited before the next try.
	again = 500 * time.Millisecond
	// watchEvery is how often a guard asks whether its connection is still there.
	watchEvery = 15 * time.Second
)

// Sharing is how somebody works on a database beside others.
type Sharing struct {
	Who       string // what others read
	Catalogue *schema.Catalogue
	Opening   store.Opening
	// Wait is how long it is waited for others who start, stop or migrate; 0: 30 s.
	Wait time.Duration
}

// Share takes a guard together with all others who share one. A database that it may
// migrate it migrates, with nobody else at work: an older program never works on the tables
// of a newer one.
func Share(ctx context.Context, url string, s Sharing) (*Guard, error) {
	config, err := guarding(url, s.Who)
	if err != nil {
		return nil, err
	}
	steps, err := store.Migrations(schema.OnPostgres, s.Catalogue.Version)
	if err != nil {
		return nil, err
	}
	c, err := connect(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	g := &Guard{
		config: config, version: len(steps), conn: c, ended: make(chan struct{}), lost: make(chan error, 1),
	}
	if err := g.join(ctx, s); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	watching, end := context.WithCancel(context.WithoutCancel(ctx))
	g.end = end
	go g.watch(watching)
	return g, nil
}

// Seize takes a guard alone, or says at once who is in the way. It is not watched: who
// seizes does not stay.
func Seize(ctx context.Context, url, who string) (*Guard, error) {
	config, err := guarding(url, who)
	if err != nil {
		return nil, err
	}
	c, err := connect(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if taken, err := c.try(ctx, "pg_try_advisory_lock"); err != nil || !taken {
		return nil, errors.Join(err, c.inTheWay(ctx, ErrServed), c.Close())
	}
	return &Guard{config: config, conn: c}, nil
}

// guarding is how a guard connects. The database notices within a minute that a machine is
// gone, and lets its guard go.
func guarding(url, who string) (*pgconn.Config, error) {
	config, err := configure(url)
	if err == nil {
		add(config, map[string]string{
			"application_name": who, "tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3",
		})
	}
	return config, err
}

// Lost tells that the guard was lost and the database is another's now: whoever held it
// must stop. A guard that was seized tells nothing.
func (g *Guard) Lost() <-chan error { return g.lost }

// Close lets others have the database at once: the server ends a connection when it likes.
func (g *Guard) Close() error {
	if g.end != nil {
		g.end()
		<-g.ended
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = g.conn.script(ctx, "SELECT pg_advisory_unlock_all()") // if it is still there
	return g.conn.Close()
}

// join takes the lock as one of several, in a database of the program's version.
func (g *Guard) join(ctx context.Context, s Sharing) error {
	for until := time.Now().Add(cmp.Or(s.Wait, waitForOthers)); ; {
		have, err := g.conn.version(ctx)
		if err != nil {
			return fmt.Errorf("read database version: %w", err)
		}
		if err := s.Opening.Check(have, g.version); err != nil {
			return fmt.Errorf("open database: %w", err)
		}
		way, refusal := "pg_try_advisory_lock_shared", ErrTaken
		if have < g.version {
			way, refusal = "pg_try_advisory_lock", ErrServed
		}
		taken, err := g.conn.try(ctx, way)
		switch {
		case err != nil:
			return err
		case taken && have < g.version:
			return g.migrate(ctx, s)
		case taken:
			return nil
		case time.Now().After(until):
			return g.conn.inTheWay(ctx, refusal)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

// migrate migrates a database that the guard has alone, and shares it then.
func (g *Guard) migrate(ctx context.Context, s Sharing) error {
	if err := migrate(ctx, g.config, s.Catalogue.Version, s.Opening); err != nil {
		return fmt.Errorf("open database: %w", err)
	}
	return g.conn.script(ctx,
		fmt.Sprintf("SELECT pg_advisory_lock_shared(%[1]d); SELECT pg_advisory_unlock(%[1]d)", guardLock))
}

// try takes the lock in a way, if it is free.
func (c *conn) try(ctx context.Context, way string) (taken bool, err error) {
	n, err := c.number(ctx, fmt.Sprintf("SELECT CASE WHEN %s(%d) THEN 1 ELSE 0 END::bigint", way, guardLock))
	if err != nil {
		return false, fmt.Errorf("lock the database: %w", err)
	}
	return n == 1, nil
}

// inTheWay is an error that names those who have the lock.
func (c *conn) inTheWay(ctx context.Context, refusal error) error {
	r := c.raw.ExecParams(ctx, fmt.Sprintf(`SELECT a.application_name || ' (process ' || a.pid || ' of the database'
		|| coalesce(', from ' || host(a.client_addr), '') || coalesce(', since ' || to_char(a.backend_start, 'YYYY-MM-DD HH24:MI TZ'), '') || ')'
		FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid
		JOIN pg_database d ON d.oid = l.database AND d.datname = current_database()
		WHERE l.locktype = 'advisory' AND l.classid = 0 AND l.objid = %d AND l.objsubid = 1 AND l.granted
		AND l.pid <> pg_backend_pid() ORDER BY a.backend_start`, guardLock), nil, nil, nil, formats())
	var list []string
	for r.NextRow() {
		list = append(list, string(r.Values()[0]))
	}
	if _, err := r.Close(); err != nil {
		return errors.Join(refusal, lost(ctx, err))
	}
	return fmt.Errorf("%w: %s", refusal, strings.Join(list, "; "))
}

// watch takes the lock again whenever its connection was lost.
func (g *Guard) watch(ctx context.Context) {
	defer close(g.ended)
	for {
		for g.conn.stays(ctx) {
		}
		if ctx.Err() != nil {
			return
		}
		if err := g.retake(ctx); err != nil {
			g.lost <- err
			return
		}
	}
}

// retake waits for a database that is away. One that somebody has taken meanwhile, or
// brought to a newer version, is not ours any more.
func (g *Guard) retake(ctx context.Context) error {
	_ = g.conn.Close()
	for {
		if c, err := connect(ctx, g.config); err == nil {
			g.conn = c
			taken, err := c.try(ctx, "pg_try_advisory_lock_shared")
			if err == nil && !taken {
				return c.inTheWay(ctx, ErrTaken)
			}
			have, readErr := c.version(ctx)
			if err == nil && readErr == nil {
				return store.AsIs.Check(have, g.version)
			}
			_ = c.Close()
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(again):
		}
	}
}

// stays waits for a while and says whether the connection is still there.
func (c *conn) stays(ctx context.Context) bool {
	waiting, cancel := context.WithTimeout(ctx, watchEvery)
	defer cancel()
	err := c.raw.WaitForNotification(waiting) // nobody notifies; it ends when the server hangs up
	if ctx.Err() != nil || c.raw.IsClosed() || err != nil && waiting.Err() == nil {
		return false
	}
	asking, cancel := context.WithTimeout(ctx, closeTimeout)
	defer cancel()
	return c.script(asking, "SELECT 1") == nil
}
