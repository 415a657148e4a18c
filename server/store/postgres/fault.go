package postgres

import (
	"errors"
	"strings"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/jackc/pgx/v5/pgconn"
)

// fault names what people and devices can do about an error of the database:
// where it is away, full or too busy they try again later, and nothing is lost.
func fault(err error) error {
	var named *schema.FaultError
	if errors.As(err, &named) && (named.Code == schema.FaultBusy || !errors.Is(err, store.ErrLost)) {
		return err
	}
	if errors.Is(err, store.ErrLost) {
		return &schema.FaultError{Code: schema.FaultBusy, Err: err}
	}
	var answer *pgconn.PgError
	if !errors.As(err, &answer) {
		return err
	}
	switch code := answer.Code; {
	case code == "53100":
		return &schema.FaultError{Code: schema.FaultDiskFull, Err: err}
	case strings.HasPrefix(code, "08") && code != "08P01", // the connection, but for our own bugs
		strings.HasPrefix(code, "40"),    // serialisation, deadlock
		strings.HasPrefix(code, "53"),    // connections, memory
		strings.HasPrefix(code, "57P"),   // the server starts or stops
		code == "55P03", code == "25P03", // waited too long for a lock, kept others waiting
		code == "57014": // cancelled
		return &schema.FaultError{Code: schema.FaultBusy, Err: err}
	case code == "22021", code == "22P05": // a text that is none
		return &schema.FaultError{Code: schema.FaultValue, Err: err}
	}
	return err
}
