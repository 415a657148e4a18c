/* By default SQLite counts the bytes of each allocation, under one lock for all
 * connections of the process: readers and the writer wait for one another there,
 * and nobody reads the count. It can be turned off only before anything else is
 * asked of SQLite (sqlite.org/c3ref/config.html), so it is before main begins. */
enum { CONFIG_MEMSTATUS = 9 };

int sqlite3_config(int option, ...);
long long sqlite3_memory_used(void);

__attribute__((constructor)) static void settle(void) { sqlite3_config(CONFIG_MEMSTATUS, 0); }

long long sansuiji_memory_counted(void) { return sqlite3_memory_used(); }
