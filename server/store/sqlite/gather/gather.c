/* A commit's writes to the log, gathered. SQLite writes each page of a commit in two
 * calls, 24 bytes and the page; most of a commit's time was the system's, in them.
 * Here what a commit writes is kept until SQLite asks for its sync, and goes out in
 * as few calls as there is room for.
 *
 * It is a VFS: the default one, with the files that are logs (WAL) wrapped.
 *
 * Nothing is kept outside a commit: from the connection's commit hook to the sync
 * that ends the commit's writing and that SQLite waits for before it tells anybody
 * about them. That sync comes with synchronous=FULL only, so this is for connections
 * with FULL. What a commit that failed has left here is dropped: it was never told
 * about, and others may have written in its place since. */
#include <string.h>

#include "gather.h"

enum { ROOM = 64 << 10 }; /* 128 KiB or more the default VFS does not write at once */

typedef struct {
	sqlite3_file base;
	sqlite3_file *real; /* behind this one */
	int gathering;
	int size;
	sqlite3_int64 start; /* where the bytes belong in the file */
	unsigned char *bytes;
} Log;

static sqlite3_vfs gathering_vfs;

static void stop(Log *l) {
	l->gathering = 0;
	l->size = 0;
}

/* Writes out what is kept. After an error the commit fails, and its bytes go. */
static int flush(Log *l) {
	if (l->size == 0) return SQLITE_OK;
	int rc = l->real->pMethods->xWrite(l->real, l->bytes, l->size, l->start);
	l->size = 0;
	if (rc != SQLITE_OK) stop(l);
	return rc;
}

static int write_log(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at) {
	Log *l = (Log *)file;
	if (l->gathering && (l->size + size > ROOM || at != l->start + l->size)) {
		int rc = flush(l);
		if (rc != SQLITE_OK) return rc;
	}
	if (!l->gathering || size > ROOM) return l->real->pMethods->xWrite(l->real, bytes, size, at);
	if (l->size == 0) l->start = at;
	memcpy(l->bytes + l->size, bytes, (size_t)size);
	l->size += size;
	return SQLITE_OK;
}

static int sync_log(sqlite3_file *file, int flags) {
	Log *l = (Log *)file;
	int rc = flush(l);
	stop(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xSync(l->real, flags);
}

static int read_log(sqlite3_file *file, void *bytes, int size, sqlite3_int64 at) {
	Log *l = (Log *)file;
	int rc = flush(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xRead(l->real, bytes, size, at);
}

static int truncate_log(sqlite3_file *file, sqlite3_int64 size) {
	Log *l = (Log *)file;
	int rc = flush(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xTruncate(l->real, size);
}

static int size_log(sqlite3_file *file, sqlite3_int64 *size) {
	Log *l = (Log *)file;
	int rc = flush(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xFileSize(l->real, size);
}

static int close_log(sqlite3_file *file) {
	Log *l = (Log *)file;
	sqlite3_free(l->bytes);
	return l->real->pMethods->xClose(l->real);
}

static int control(sqlite3_file *file, int op, void *arg) {
	sqlite3_file *real = ((Log *)file)->real;
	return real->pMethods->xFileControl(real, op, arg);
}

static int sector_size(sqlite3_file *file) {
	sqlite3_file *real = ((Log *)file)->real;
	return real->pMethods->xSectorSize(real);
}

static int characteristics(sqlite3_file *file) {
	sqlite3_file *real = ((Log *)file)->real;
	return real->pMethods->xDeviceCharacteristics(real);
}

/* What SQLite asks of a log. Locks and shared memory are the database file's. */
static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = close_log, .xRead = read_log, .xWrite = write_log,
	.xTruncate = truncate_log, .xSync = sync_log, .xFileSize = size_log,
	.xFileControl = control, .xSectorSize = sector_size, .xDeviceCharacteristics = characteristics,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out) {
	sqlite3_vfs *real = vfs->pAppData;
	if (!(flags & SQLITE_OPEN_WAL)) return real->xOpen(real, name, file, flags, out);
	Log *l = (Log *)file;
	memset(l, 0, sizeof *l);
	l->bytes = sqlite3_malloc64(ROOM);
	if (!l->bytes) return SQLITE_NOMEM;
	l->real = (sqlite3_file *)(l + 1);
	l->real->pMethods = 0;
	int rc = real->xOpen(real, name, l->real, flags, out);
	if (rc == SQLITE_OK) l->base.pMethods = &methods;
	else sqlite3_free(l->bytes);
	return rc;
}

/* The connection's log, if it is one of ours. */
static Log *log_of(sqlite3 *db) {
	sqlite3_file *file = 0;
	if (sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &file) != SQLITE_OK) return 0;
	return file && file->pMethods == &methods ? (Log *)file : 0;
}

static int commit_begins(void *db) {
	Log *l = log_of(db);
	if (l) {
		stop(l);
		l->gathering = 1;
	}
	return 0;
}

static void rolled_back(void *db) {
	Log *l = log_of(db);
	if (l) stop(l);
}

static int initialise(sqlite3 *db, char **err, const void *api) {
	sqlite3_commit_hook(db, commit_begins, db);
	sqlite3_rollback_hook(db, rolled_back, db);
	return SQLITE_OK;
}

int sansuiji_register_gathering(const char *name) {
	if (gathering_vfs.zName) return SQLITE_OK;
	sqlite3_vfs *real = sqlite3_vfs_find(0);
	if (!real || real->iVersion < 3) return SQLITE_ERROR;
	memcpy(&gathering_vfs, real, sizeof gathering_vfs);
	gathering_vfs.szOsFile += sizeof(Log);
	gathering_vfs.pNext = 0;
	gathering_vfs.zName = name;
	gathering_vfs.pAppData = real;
	gathering_vfs.xOpen = open_file;
	int rc = sqlite3_vfs_register(&gathering_vfs, 0);
	return rc != SQLITE_OK ? rc : sqlite3_auto_extension((void (*)(void))initialise);
}
