/* The part of SQLite's public interface (sqlite.org/c3ref) that gather.c uses.
 * SQLite itself is compiled by the driver's package, whose header other packages
 * cannot include. SQLite adds to the ends of these layouts and never changes them. */
#ifndef SANSUIJI_GATHER_H
#define SANSUIJI_GATHER_H

typedef long long sqlite3_int64;
typedef unsigned long long sqlite3_uint64;
typedef struct sqlite3 sqlite3;
typedef struct sqlite3_vfs sqlite3_vfs;
typedef struct sqlite3_io_methods sqlite3_io_methods;

typedef struct {
	const sqlite3_io_methods *pMethods;
} sqlite3_file;

struct sqlite3_io_methods {
	int iVersion;
	int (*xClose)(sqlite3_file *);
	int (*xRead)(sqlite3_file *, void *, int, sqlite3_int64);
	int (*xWrite)(sqlite3_file *, const void *, int, sqlite3_int64);
	int (*xTruncate)(sqlite3_file *, sqlite3_int64);
	int (*xSync)(sqlite3_file *, int);
	int (*xFileSize)(sqlite3_file *, sqlite3_int64 *);
	int (*xLock)(sqlite3_file *, int);
	int (*xUnlock)(sqlite3_file *, int);
	int (*xCheckReservedLock)(sqlite3_file *, int *);
	int (*xFileControl)(sqlite3_file *, int, void *);
	int (*xSectorSize)(sqlite3_file *);
	int (*xDeviceCharacteristics)(sqlite3_file *);
};

/* As far as version 3 goes, the whole of which is copied. */
struct sqlite3_vfs {
	int iVersion;
	int szOsFile;
	int mxPathname;
	sqlite3_vfs *pNext;
	const char *zName;
	void *pAppData;
	int (*xOpen)(sqlite3_vfs *, const char *, sqlite3_file *, int, int *);
	void *others[15];
};

enum {
	SQLITE_OK = 0, SQLITE_ERROR = 1, SQLITE_NOMEM = 7,
	SQLITE_OPEN_WAL = 0x80000, SQLITE_FCNTL_JOURNAL_POINTER = 28
};

int sqlite3_auto_extension(void (*)(void));
sqlite3_vfs *sqlite3_vfs_find(const char *);
int sqlite3_vfs_register(sqlite3_vfs *, int);
int sqlite3_file_control(sqlite3 *, const char *, int, void *);
void *sqlite3_commit_hook(sqlite3 *, int (*)(void *), void *);
void *sqlite3_rollback_hook(sqlite3 *, void (*)(void *), void *);
void *sqlite3_malloc64(sqlite3_uint64);
void sqlite3_free(void *);

#endif
