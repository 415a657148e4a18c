package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"sansuiji/schema"
	"sansuiji/server/store"

	"github.com/google/uuid"
)

const (
	deliverMax  = 50               // messages of one round
	answerTime  = 10 * time.Second // for an answer
	attemptsMax = 12               // some three days
	problemMax  = 300              // bytes of a problem that are kept
)

// delivery is a message on its way.
type delivery struct {
	no       int64
	id       schema.RowID
	url      string
	secret   []byte
	body     []byte
	attempts int
}

// Deliver sends the messages that are due. One that is not taken is sent again, each time
// after twice the pause, until it is given up.
func (s *Service) Deliver(ctx context.Context) error {
	var due []delivery
	err := s.Store.Look(ctx, func(q store.Queryer) (err error) {
		due, err = store.List(ctx, q, scanDelivery, `SELECT d.campaign_no, d.id, w.url, w.secret, d.body, d.attempts
			FROM webhook_delivery d JOIN webhook w ON w.campaign_no = d.campaign_no AND w.id = d.webhook_id
			WHERE d.next_at <= $1 AND d.done_at IS NULL AND w.disabled_at IS NULL
			ORDER BY d.next_at LIMIT $2`, s.Now().UnixMilli(), deliverMax)
		return err
	})
	if err != nil {
		return fmt.Errorf("find messages that are due: %w", err)
	}
	client := s.client()
	defer client.CloseIdleConnections()
	for i := range due {
		status, problem := s.send(ctx, client, &due[i])
		if ctx.Err() != nil {
			return nil // stopping: it is sent again
		}
		if err := s.sent(ctx, &due[i], status, problem); err != nil {
			return fmt.Errorf("note what became of a message: %w", err)
		}
	}
	return nil
}

func scanDelivery(row store.Scanner) (d delivery, err error) {
	var id []byte
	err = row.Scan(&d.no, &id, &d.url, &d.secret, &d.body, &d.attempts)
	copy(d.id[:], id)
	return d, err
}

// send posts a message; an empty problem says that it was taken.
func (s *Service) send(ctx context.Context, client *http.Client, d *delivery) (status int, problem string) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, d.url, bytes.NewReader(d.body))
	if err != nil {
		return 0, err.Error()
	}
	id, at := uuid.UUID(d.id).String(), strconv.FormatInt(s.Now().Unix(), 10)
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "Sansuiji")
	req.Header.Set("Webhook-Id", id)
	req.Header.Set("Webhook-Timestamp", at)
	req.Header.Set("Webhook-Signature", "v1,"+Sign(d.secret, id, at, d.body))
	answer, err := client.Do(req)
	if err != nil {
		return 0, err.Error()
	}
	defer func() { _ = answer.Body.Close() }()                     // it was read
	text, _ := io.ReadAll(io.LimitReader(answer.Body, problemMax)) // what it says is a help only
	if answer.StatusCode/100 == 2 {
		return answer.StatusCode, ""
	}
	return answer.StatusCode, strings.TrimSpace(answer.Status + " " + string(text))
}

// Sign is a message's signature: HMAC-SHA256 over its id, its time in Unix seconds and its
// body, joined by dots, in base64.
func Sign(secret []byte, id, at string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(id + "." + at + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// sent notes what became of a message.
func (s *Service) sent(ctx context.Context, d *delivery, status int, problem string) error {
	now, attempts := s.Now(), d.attempts+1
	var doneAt, kept any
	if problem != "" {
		problem = strings.ToValidUTF8(strings.ReplaceAll(problem, "\x00", ""), "\uFFFD")
		kept = strings.ToValidUTF8(problem[:min(len(problem), problemMax)], "")
	}
	if problem == "" || attempts == attemptsMax || status == http.StatusGone {
		doneAt = now.UnixMilli()
	}
	next := now.Add(30 * time.Second << attempts)
	return s.Store.Office(ctx, func(q store.Queryer) error {
		_, err := q.ExecContext(ctx, `UPDATE webhook_delivery SET attempts = $1, status = $2, problem = $3, done_at = $4, next_at = $5
			WHERE campaign_no = $6 AND id = $7`, attempts, status, kept, doneAt, next.UnixMilli(), d.no, d.id[:])
		return err
	})
}

var errForbidden = errors.New("the address is this machine's or this link's own")

// client goes where the operator may have meant, and nowhere else: no redirects, and not
// to this machine, whose other services trust who is on it.
func (s *Service) client() *http.Client {
	dialer := net.Dialer{Timeout: answerTime, Control: func(_, address string, _ syscall.RawConn) error {
		host, _, err := net.SplitHostPort(address)
		if err != nil || s.forbidden(host) {
			return errors.Join(err, errForbidden)
		}
		return nil
	}}
	return &http.Client{
		Timeout:       answerTime,
		Transport:     &http.Transport{DialContext: dialer.DialContext, TLSHandshakeTimeout: answerTime, MaxIdleConns: 10},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// forbidden says whether an address in digits is of this machine or link, or of many.
func (s *Service) forbidden(host string) bool {
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return false
	}
	ip = ip.Unmap()
	if s.Loopback && ip.IsLoopback() {
		return false
	}
	return ip.IsLoopback() || ip.IsUnspecified() || ip.IsMulticast() || ip.IsLinkLocalUnicast()
}
