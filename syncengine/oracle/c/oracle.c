/*
** The SQLite side of the differential tests: a child process that records,
** reads and applies changesets with SQLite's own session extension.
**
** It reads requests from standard input and answers each on standard output.
** A message is a four-byte big-endian length and that many bytes. A field is
** the same thing inside a message. A request is one command byte and its
** fields; an answer is an error text (empty when all went well) and fields.
** Numbers in answers are fields of eight bytes, big-endian.
**
**   R  setup SQL, change SQL            -> changeset, patchset
**   I  changeset                        -> result code, changes, transcript
**   A  file, setup SQL, group, changeset...
**                                       -> cpu ns, wall ns, applied, conflicts
**   Q  file, SELECT                     -> rows, values
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include "sqlite3-binding.h"

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;

typedef struct Buf {
  u8 *a;
  size_t n, cap;
} Buf;

typedef struct Request {
  const u8 *a;
  size_t n, at;
} Request;

static void die(const char *why) {
  fprintf(stderr, "oracle: %s\n", why);
  exit(1);
}

/* ---- what goes out ---- */

static void put(Buf *b, const void *a, size_t n) {
  if (b->n + n > b->cap) {
    b->cap = (b->n + n) * 2 + 1024;
    b->a = realloc(b->a, b->cap);
    if (b->a == 0) die("out of memory");
  }
  if (n > 0) memcpy(b->a + b->n, a, n);
  b->n += n;
}

static void put_byte(Buf *b, u8 v) { put(b, &v, 1); }

static void put_u32(Buf *b, u32 v) {
  u8 a[4] = {v >> 24, v >> 16, v >> 8, v};
  put(b, a, 4);
}

static void put_u64(Buf *b, u64 v) {
  put_u32(b, v >> 32);
  put_u32(b, v);
}

static void put_field(Buf *b, const void *a, size_t n) {
  put_u32(b, n);
  put(b, a, n);
}

static void put_number(Buf *b, u64 v) {
  put_u32(b, 8);
  put_u64(b, v);
}

static void put_varint(Buf *b, u32 v) {
  int shift = 28;
  while (shift > 0 && (v >> shift) == 0) shift -= 7;
  for (; shift > 0; shift -= 7) put_byte(b, 0x80 | ((v >> shift) & 0x7f));
  put_byte(b, v & 0x7f);
}

/* The value as a changeset carries it; a zero byte where there is none. */
static void put_value(Buf *b, sqlite3_value *v) {
  int type = v == 0 ? 0 : sqlite3_value_type(v);
  put_byte(b, type);
  if (type == SQLITE_INTEGER) {
    put_u64(b, (u64)sqlite3_value_int64(v));
  } else if (type == SQLITE_FLOAT) {
    double d = sqlite3_value_double(v);
    u64 bits;
    memcpy(&bits, &d, 8);
    put_u64(b, bits);
  } else if (type == SQLITE_TEXT || type == SQLITE_BLOB) {
    const void *a = type == SQLITE_TEXT ? (const void *)sqlite3_value_text(v)
                                        : sqlite3_value_blob(v);
    put_varint(b, sqlite3_value_bytes(v));
    put(b, a, sqlite3_value_bytes(v));
  }
}

/* ---- what comes in ---- */

static u32 get_u32(const u8 *a) {
  return (u32)a[0] << 24 | (u32)a[1] << 16 | (u32)a[2] << 8 | a[3];
}

static const u8 *get_field(Request *r, size_t *n) {
  const u8 *a;
  if (r->n - r->at < 4) die("request ends early");
  *n = get_u32(r->a + r->at);
  r->at += 4;
  if (r->n - r->at < *n) die("request ends early");
  a = r->a + r->at;
  r->at += *n;
  return a;
}

static char *get_text(Request *r) {
  size_t n;
  const u8 *a = get_field(r, &n);
  char *z = malloc(n + 1);
  if (z == 0) die("out of memory");
  memcpy(z, a, n);
  z[n] = 0;
  return z;
}

/* ---- errors ---- */

/* Answers with an error only: what step it was and what SQLite says. */
static void refuse(Buf *out, const char *step, sqlite3 *db) {
  char *z = sqlite3_mprintf("%s: %s", step, db ? sqlite3_errmsg(db) : "no database");
  out->n = 0;
  put_field(out, z, strlen(z));
  sqlite3_free(z);
}

static int run(sqlite3 *db, const char *sql) { return sqlite3_exec(db, sql, 0, 0, 0); }

/* ---- R ---- */

static void answer_record(Request *r, Buf *out) {
  sqlite3 *db = 0;
  sqlite3_session *s = 0;
  void *set = 0, *patch = 0;
  int nset = 0, npatch = 0;
  char *setup = get_text(r), *change = get_text(r);

  if (sqlite3_open(":memory:", &db)) refuse(out, "open", db);
  else if (run(db, setup)) refuse(out, "run setup", db);
  else if (sqlite3session_create(db, "main", &s)) refuse(out, "create session", db);
  else if (sqlite3session_attach(s, 0)) refuse(out, "attach tables", db);
  else if (run(db, change)) refuse(out, "run change", db);
  else if (sqlite3session_changeset(s, &nset, &set)) refuse(out, "make changeset", db);
  else if (sqlite3session_patchset(s, &npatch, &patch)) refuse(out, "make patchset", db);
  else {
    put_field(out, "", 0);
    put_field(out, set, nset);
    put_field(out, patch, npatch);
  }
  sqlite3_free(set);
  sqlite3_free(patch);
  if (s) sqlite3session_delete(s);
  sqlite3_close(db);
  free(setup);
  free(change);
}

/* ---- I ---- */

/* One change: name, operation, indirect, columns, key flags, old, new. */
static void transcribe(sqlite3_changeset_iter *it, Buf *t) {
  const char *name;
  u8 *pk;
  int i, n, op, indirect;
  sqlite3_value *v;

  sqlite3changeset_op(it, &name, &n, &op, &indirect);
  sqlite3changeset_pk(it, &pk, &n);
  put_field(t, name, strlen(name));
  put_byte(t, op);
  put_byte(t, indirect);
  put_field(t, pk, n);
  for (i = 0; i < n; i++) {
    v = 0;
    if (op != SQLITE_INSERT) sqlite3changeset_old(it, i, &v);
    put_value(t, v);
  }
  for (i = 0; i < n; i++) {
    v = 0;
    if (op != SQLITE_DELETE) sqlite3changeset_new(it, i, &v);
    put_value(t, v);
  }
}

static void answer_iterate(Request *r, Buf *out) {
  size_t n;
  const u8 *a = get_field(r, &n);
  sqlite3_changeset_iter *it = 0;
  Buf t = {0, 0, 0};
  u64 changes = 0;
  int rc;
  /* A copy of the exact size, so that a memory checker sees an over-read. */
  u8 *copy = malloc(n > 0 ? n : 1);
  if (copy == 0) die("out of memory");
  memcpy(copy, a, n);

  rc = sqlite3changeset_start(&it, (int)n, copy);
  if (rc == SQLITE_OK) {
    while ((rc = sqlite3changeset_next(it)) == SQLITE_ROW) {
      changes++;
      transcribe(it, &t);
    }
    rc = sqlite3changeset_finalize(it);
  }
  put_field(out, "", 0);
  put_number(out, rc);
  put_number(out, changes);
  put_field(out, t.a, t.n);
  free(t.a);
  free(copy);
}

/* ---- A ---- */

/* Theirs wins wherever SQLite lets the handler say so. */
static int on_conflict(void *ctx, int why, sqlite3_changeset_iter *it) {
  (void)it;
  ++*(u64 *)ctx;
  if (why == SQLITE_CHANGESET_DATA || why == SQLITE_CHANGESET_CONFLICT) {
    return SQLITE_CHANGESET_REPLACE;
  }
  return SQLITE_CHANGESET_OMIT;
}

static u64 cpu_ns(void) {
  struct rusage u;
  getrusage(RUSAGE_SELF, &u);
  return (u64)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1000000000ULL +
         (u64)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1000ULL;
}

static u64 wall_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (u64)t.tv_sec * 1000000000ULL + (u64)t.tv_nsec;
}

/* Applies what is left of the request, group changesets per transaction. */
static int apply_all(sqlite3 *db, Request *r, u64 group, u64 *applied, u64 *conflicts) {
  size_t n;
  int rc = SQLITE_OK;
  while (rc == SQLITE_OK && r->at < r->n) {
    const u8 *a = get_field(r, &n);
    if (*applied % group == 0) rc = run(db, "BEGIN IMMEDIATE");
    if (rc == SQLITE_OK) {
      rc = sqlite3changeset_apply(db, (int)n, (void *)a, 0, on_conflict, conflicts);
    }
    if (rc == SQLITE_OK) ++*applied;
    if (rc == SQLITE_OK && *applied % group == 0) rc = run(db, "COMMIT");
  }
  if (rc == SQLITE_OK && *applied % group != 0) rc = run(db, "COMMIT");
  return rc;
}

static void answer_apply(Request *r, Buf *out) {
  sqlite3 *db = 0;
  char *file = get_text(r), *setup = get_text(r);
  size_t n;
  const u8 *g = get_field(r, &n);
  u64 group = n == 4 ? get_u32(g) : 0;
  u64 applied = 0, conflicts = 0, cpu, wall;

  if (group == 0) die("apply with groups of none");
  if (sqlite3_open(file, &db)) refuse(out, "open", db);
  else if (run(db, setup)) refuse(out, "run setup", db);
  else {
    cpu = cpu_ns();
    wall = wall_ns();
    if (apply_all(db, r, group, &applied, &conflicts)) {
      refuse(out, "apply", db);
    } else {
      cpu = cpu_ns() - cpu;
      wall = wall_ns() - wall;
      put_field(out, "", 0);
      put_number(out, cpu);
      put_number(out, wall);
      put_number(out, applied);
      put_number(out, conflicts);
    }
  }
  sqlite3_close(db);
  free(file);
  free(setup);
}

/* ---- Q ---- */

static int collect(sqlite3_stmt *st, Buf *t, u64 *rows) {
  int i, rc;
  while ((rc = sqlite3_step(st)) == SQLITE_ROW) {
    ++*rows;
    for (i = 0; i < sqlite3_column_count(st); i++) put_value(t, sqlite3_column_value(st, i));
  }
  return rc == SQLITE_DONE ? SQLITE_OK : rc;
}

static void answer_query(Request *r, Buf *out) {
  sqlite3 *db = 0;
  sqlite3_stmt *st = 0;
  Buf t = {0, 0, 0};
  u64 rows = 0;
  char *file = get_text(r), *sql = get_text(r);

  if (sqlite3_open(file, &db)) refuse(out, "open", db);
  else if (sqlite3_prepare_v2(db, sql, -1, &st, 0)) refuse(out, "prepare", db);
  else if (collect(st, &t, &rows)) refuse(out, "step", db);
  else {
    put_field(out, "", 0);
    put_number(out, rows);
    put_field(out, t.a, t.n);
  }
  sqlite3_finalize(st);
  sqlite3_close(db);
  free(t.a);
  free(file);
  free(sql);
}

/* ---- the loop ---- */

static void answer(Request *r, Buf *out) {
  u8 command = r->n > 0 ? r->a[0] : 0;
  r->at = 1;
  switch (command) {
    case 'R': answer_record(r, out); break;
    case 'I': answer_iterate(r, out); break;
    case 'A': answer_apply(r, out); break;
    case 'Q': answer_query(r, out); break;
    default: die("unknown command");
  }
}

int main(void) {
  u8 head[4];
  Buf in = {0, 0, 0}, out = {0, 0, 0};
  while (fread(head, 1, 4, stdin) == 4) {
    size_t n = get_u32(head);
    Request r;
    if (n > in.cap) {
      in.a = realloc(in.a, n);
      in.cap = n;
      if (in.a == 0) die("out of memory");
    }
    if (fread(in.a, 1, n, stdin) != n) die("message ends early");
    r.a = in.a;
    r.n = n;
    r.at = 0;
    out.n = 0;
    answer(&r, &out);
    head[0] = out.n >> 24, head[1] = out.n >> 16, head[2] = out.n >> 8, head[3] = out.n;
    if (fwrite(head, 1, 4, stdout) != 4 || fwrite(out.a, 1, out.n, stdout) != out.n) return 1;
    if (fflush(stdout)) return 1;
  }
  return 0;
}
