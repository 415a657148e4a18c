/* Rows in and out of SQLite many at a time. Calling SQLite once for every value
 * of every row costs more than storing the row does; here one argument carries
 * all rows of a statement, and one result all rows of a query.
 *
 *   records(data)           a table of the rows packed in data, columns c0, c1, …
 *   records_of(prefix, …)   an aggregate: for each row the prefix and its values
 *   tally_of(…)             an aggregate: each distinct row's values, and how often it came
 *
 * data is the number of columns in a row (two bytes, big-endian) and the rows'
 * values in the form of SQLite's changesets: a type byte, then 8 bytes of an
 * integer or real, or a varint length and bytes. This program packs it; all the
 * same nothing is read beyond its end. */
#include <string.h>

#include "records.h"

enum { COLUMNS_MAX = 80 };

typedef struct {
	int type; /* of a changeset's value: 1 to 5 */
	int size;
	const unsigned char *bytes;
} Cell;

typedef struct {
	sqlite3_vtab_cursor base;
	sqlite3_value *data;
	const unsigned char *at, *end;
	int width;
	int eof;
	sqlite3_int64 row;
	Cell cells[COLUMNS_MAX];
} Cursor;

static int connect_records(sqlite3 *db, void *aux, int argc, const char *const *argv,
		sqlite3_vtab **out, char **err) {
	char declaration[16 + COLUMNS_MAX * 5 + 16] = "CREATE TABLE x(";
	char *p = declaration + strlen(declaration);
	for (int i = 0; i < COLUMNS_MAX; i++) {
		*p++ = 'c';
		if (i > 9) *p++ = (char)('0' + i / 10);
		*p++ = (char)('0' + i % 10);
		*p++ = ',';
	}
	strcpy(p, "data HIDDEN)");
	int rc = sqlite3_declare_vtab(db, declaration);
	if (rc != SQLITE_OK) return rc;
	sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
	*out = sqlite3_malloc64(sizeof(sqlite3_vtab));
	if (!*out) return SQLITE_NOMEM;
	memset(*out, 0, sizeof(sqlite3_vtab));
	return SQLITE_OK;
}

static int disconnect_records(sqlite3_vtab *table) {
	sqlite3_free(table);
	return SQLITE_OK;
}

/* The hidden column is the argument; without it there is nothing to read. */
static int best_index(sqlite3_vtab *table, sqlite3_index_info *info) {
	for (int i = 0; i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn != COLUMNS_MAX ||
				info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
		if (!info->aConstraint[i].usable) return SQLITE_CONSTRAINT;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		info->estimatedCost = 1;
		info->estimatedRows = 1; /* so that rows are looked up by key, one for each record */
		return SQLITE_OK;
	}
	return SQLITE_CONSTRAINT;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **out) {
	Cursor *c = sqlite3_malloc64(sizeof(Cursor));
	if (!c) return SQLITE_NOMEM;
	memset(c, 0, sizeof(Cursor));
	*out = &c->base;
	return SQLITE_OK;
}

static int close_cursor(sqlite3_vtab_cursor *base) {
	Cursor *c = (Cursor *)base;
	sqlite3_value_free(c->data);
	sqlite3_free(c);
	return SQLITE_OK;
}

/* Reads the length of a text or blob. */
static int read_length(Cursor *c, int *size) {
	sqlite3_uint64 n = 0;
	for (int i = 0; i < 5; i++) {
		if (c->at == c->end) return 0;
		unsigned char b = *c->at++;
		n = n << 7 | (b & 0x7f);
		if (b < 0x80) {
			*size = (int)n;
			return n <= (sqlite3_uint64)(c->end - c->at);
		}
	}
	return 0;
}

static int read_cell(Cursor *c, Cell *cell) {
	if (c->at == c->end) return 0;
	cell->type = *c->at++;
	cell->size = 0;
	switch (cell->type) {
	case 1: case 2:
		cell->size = 8;
		if (c->end - c->at < 8) return 0;
		break;
	case 3: case 4:
		if (!read_length(c, &cell->size)) return 0;
		break;
	case 5:
		break;
	default:
		return 0;
	}
	cell->bytes = c->at;
	c->at += cell->size;
	return 1;
}

static int next_row(sqlite3_vtab_cursor *base) {
	Cursor *c = (Cursor *)base;
	if (c->at == c->end) {
		c->eof = 1;
		return SQLITE_OK;
	}
	c->row++;
	for (int i = 0; i < c->width; i++) {
		if (!read_cell(c, &c->cells[i])) return SQLITE_CORRUPT;
	}
	return SQLITE_OK;
}

static int filter(sqlite3_vtab_cursor *base, int number, const char *text,
		int argc, sqlite3_value **argv) {
	Cursor *c = (Cursor *)base;
	sqlite3_value_free(c->data);
	c->data = argc == 1 ? sqlite3_value_dup(argv[0]) : 0;
	if (!c->data) return SQLITE_NOMEM;
	c->at = sqlite3_value_blob(c->data);
	int size = sqlite3_value_bytes(c->data);
	if (!c->at || size < 2) return SQLITE_CORRUPT;
	c->end = c->at + size;
	c->width = c->at[0] << 8 | c->at[1];
	c->at += 2;
	if (c->width < 1 || c->width > COLUMNS_MAX) return SQLITE_CORRUPT;
	c->eof = 0;
	c->row = 0;
	return next_row(base);
}

static int at_end(sqlite3_vtab_cursor *base) { return ((Cursor *)base)->eof; }

static sqlite3_uint64 big_endian(const unsigned char *b) {
	sqlite3_uint64 n = 0;
	for (int i = 0; i < 8; i++) n = n << 8 | b[i];
	return n;
}

/* The bytes live in the cursor's copy of data, which outlives the row. */
static int column(sqlite3_vtab_cursor *base, sqlite3_context *ctx, int i) {
	Cursor *c = (Cursor *)base;
	if (i >= c->width) {
		sqlite3_result_null(ctx);
		return SQLITE_OK;
	}
	const Cell *cell = &c->cells[i];
	switch (cell->type) {
	case 1:
		sqlite3_result_int64(ctx, (sqlite3_int64)big_endian(cell->bytes));
		break;
	case 2: {
		sqlite3_uint64 bits = big_endian(cell->bytes);
		double d;
		memcpy(&d, &bits, sizeof d);
		sqlite3_result_double(ctx, d);
		break;
	}
	case 3:
		sqlite3_result_text(ctx, (const char *)cell->bytes, cell->size, SQLITE_STATIC);
		break;
	case 4:
		sqlite3_result_blob64(ctx, cell->bytes, (sqlite3_uint64)cell->size, SQLITE_STATIC);
		break;
	default:
		sqlite3_result_null(ctx);
	}
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *out) {
	*out = ((Cursor *)base)->row;
	return SQLITE_OK;
}

/* A buffer that grows. */
typedef struct {
	unsigned char *bytes;
	sqlite3_uint64 size, capacity;
	int failed;
} Buffer;

static unsigned char *room(Buffer *b, sqlite3_uint64 n) {
	if (b->size + n > b->capacity) {
		sqlite3_uint64 capacity = (b->size + n) * 2;
		unsigned char *grown = sqlite3_realloc64(b->bytes, capacity);
		if (!grown) {
			b->failed = 1;
			return 0;
		}
		b->bytes = grown;
		b->capacity = capacity;
	}
	unsigned char *at = b->bytes + b->size;
	b->size += n;
	return at;
}

static void put_number(Buffer *b, unsigned char type, sqlite3_uint64 n) {
	unsigned char *at = room(b, 9);
	if (!at) return;
	at[0] = type;
	for (int i = 8; i > 0; i--, n >>= 8) at[i] = (unsigned char)n;
}

static void put_bytes(Buffer *b, unsigned char type, const void *bytes, unsigned size) {
	unsigned char head[6];
	int n = sizeof head;
	head[--n] = size & 0x7f;
	for (unsigned rest = size >> 7; rest; rest >>= 7) head[--n] = (rest & 0x7f) | 0x80;
	head[--n] = type;
	unsigned char *at = room(b, sizeof head - n + size);
	if (!at) return;
	memcpy(at, head + n, sizeof head - n);
	if (size) memcpy(at + sizeof head - n, bytes, size);
}

static void put_value(Buffer *b, sqlite3_value *v) {
	switch (sqlite3_value_type(v)) {
	case SQLITE_INTEGER:
		put_number(b, 1, (sqlite3_uint64)sqlite3_value_int64(v));
		break;
	case SQLITE_FLOAT: {
		double d = sqlite3_value_double(v);
		sqlite3_uint64 bits;
		memcpy(&bits, &d, sizeof bits);
		put_number(b, 2, bits);
		break;
	}
	case SQLITE_TEXT: {
		const void *text = sqlite3_value_text(v);
		put_bytes(b, 3, text, (unsigned)sqlite3_value_bytes(v));
		break;
	}
	case SQLITE_BLOB: {
		const void *blob = sqlite3_value_blob(v);
		put_bytes(b, 4, blob, (unsigned)sqlite3_value_bytes(v));
		break;
	}
	default: {
		unsigned char *at = room(b, 1);
		if (at) *at = 5;
	}
	}
}

static void step(sqlite3_context *ctx, int argc, sqlite3_value **argv) {
	Buffer *b = sqlite3_aggregate_context(ctx, sizeof(Buffer));
	if (!b) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	if (argc == 0) return;
	const void *prefix = sqlite3_value_blob(argv[0]);
	int size = sqlite3_value_bytes(argv[0]);
	unsigned char *at = room(b, (sqlite3_uint64)size);
	if (at && size) memcpy(at, prefix, (size_t)size);
	for (int i = 1; i < argc && !b->failed; i++) put_value(b, argv[i]);
}

static void final(sqlite3_context *ctx) {
	Buffer *b = sqlite3_aggregate_context(ctx, 0);
	if (!b || !b->bytes) {
		sqlite3_result_null(ctx);
		return;
	}
	if (b->failed) {
		sqlite3_free(b->bytes);
		sqlite3_result_error_nomem(ctx);
		return;
	}
	sqlite3_result_blob64(ctx, b->bytes, b->size, sqlite3_free); /* too long: an error of SQLite's */
}

/* A distinct row: where its values are packed, and how often it came. */
typedef struct {
	sqlite3_uint64 at, size, hash, count;
} Group;

/* Distinct rows in the order in which they first came. slots has their numbers from 1 on,
 * found by their hash; it has a power of two of places, of which most are free. */
typedef struct {
	Buffer values;
	Group *groups;
	unsigned *slots;
	sqlite3_uint64 count, capacity;
} Tally;

static sqlite3_uint64 hash_of(const unsigned char *b, sqlite3_uint64 n) {
	sqlite3_uint64 h = 0x9e3779b97f4a7c15u ^ n;
	for (; n >= 8; n -= 8, b += 8) {
		sqlite3_uint64 word;
		memcpy(&word, b, 8);
		h = (h ^ word) * 0xff51afd7ed558ccdu;
		h ^= h >> 32;
	}
	for (; n; n--) h = (h ^ *b++) * 0x100000001b3u;
	h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53u;
	return h ^ h >> 33;
}

/* Where a group is, or the free place where it is to go. */
static unsigned *slot(const Tally *t, sqlite3_uint64 hash, const unsigned char *b, sqlite3_uint64 n) {
	sqlite3_uint64 mask = t->capacity - 1;
	for (sqlite3_uint64 i = hash & mask;; i = (i + 1) & mask) {
		if (!t->slots[i]) return &t->slots[i];
		const Group *g = &t->groups[t->slots[i] - 1];
		if (g->hash == hash && g->size == n && !memcmp(t->values.bytes + g->at, b, n)) return &t->slots[i];
	}
}

/* Room for one group more, so that at most half of the places are taken. */
static int grow(Tally *t) {
	if (t->capacity > 2 * t->count) return 1;
	sqlite3_uint64 capacity = t->capacity ? 2 * t->capacity : 256;
	Group *groups = sqlite3_realloc64(t->groups, capacity / 2 * sizeof(Group));
	if (!groups) return 0;
	t->groups = groups;
	unsigned *slots = sqlite3_malloc64(capacity * sizeof *slots);
	if (!slots) return 0;
	memset(slots, 0, capacity * sizeof *slots);
	sqlite3_free(t->slots);
	t->slots = slots;
	t->capacity = capacity;
	for (sqlite3_uint64 i = 0; i < t->count; i++) {
		const Group *g = &groups[i];
		*slot(t, g->hash, t->values.bytes + g->at, g->size) = (unsigned)i + 1;
	}
	return 1;
}

static void tally(sqlite3_context *ctx, int argc, sqlite3_value **argv) {
	Tally *t = sqlite3_aggregate_context(ctx, sizeof(Tally));
	if (!t) {
		sqlite3_result_error_nomem(ctx);
		return;
	}
	if (argc == 0 || t->values.failed) return;
	sqlite3_uint64 at = t->values.size;
	for (int i = 0; i < argc && !t->values.failed; i++) put_value(&t->values, argv[i]);
	if (t->values.failed || !grow(t)) {
		t->values.failed = 1;
		return;
	}
	const unsigned char *b = t->values.bytes + at;
	sqlite3_uint64 size = t->values.size - at, hash = hash_of(b, size);
	unsigned *place = slot(t, hash, b, size);
	if (*place) { /* known: its values need not be kept again */
		t->groups[*place - 1].count++;
		t->values.size = at;
		return;
	}
	t->groups[t->count++] = (Group){at, size, hash, 1};
	*place = (unsigned)t->count;
}

static void tallied(sqlite3_context *ctx) {
	Tally *t = sqlite3_aggregate_context(ctx, 0);
	if (!t || (!t->count && !t->values.failed)) {
		sqlite3_result_null(ctx);
		return;
	}
	Buffer out = {0};
	out.failed = t->values.failed;
	for (sqlite3_uint64 i = 0; i < t->count && !out.failed; i++) {
		const Group *g = &t->groups[i];
		unsigned char *at = room(&out, g->size);
		if (at && g->size) memcpy(at, t->values.bytes + g->at, g->size);
		put_number(&out, 1, g->count);
	}
	sqlite3_free(t->values.bytes);
	sqlite3_free(t->groups);
	sqlite3_free(t->slots);
	if (out.failed) {
		sqlite3_free(out.bytes);
		sqlite3_result_error_nomem(ctx);
		return;
	}
	sqlite3_result_blob64(ctx, out.bytes, out.size, sqlite3_free);
}

static const sqlite3_module module = {
	.xConnect = connect_records, .xBestIndex = best_index,
	.xDisconnect = disconnect_records, .xDestroy = disconnect_records,
	.xOpen = open_cursor, .xClose = close_cursor, .xFilter = filter, .xNext = next_row,
	.xEof = at_end, .xColumn = column, .xRowid = row_number,
};

/* The driver clears a statement's arguments before each run. Where a plan may depend
 * on them, SQLite would then prepare the statement anew each time. */
static int initialise(sqlite3 *db, char **err, const void *api) {
	int rc = sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_QPSG, 1, (int *)0);
	if (rc == SQLITE_OK) rc = sqlite3_create_module_v2(db, "records", &module, 0, 0);
	if (rc == SQLITE_OK) rc = sqlite3_create_function_v2(
		db, "records_of", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, 0, 0, step, final, 0);
	if (rc != SQLITE_OK) return rc;
	return sqlite3_create_function_v2(
		db, "tally_of", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, 0, 0, tally, tallied, 0);
}

int sansuiji_register_records(void) {
	return sqlite3_auto_extension((void (*)(void))initialise);
}
