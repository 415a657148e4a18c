// Package process settles what SQLite lets a process choose once, before its first
// connection. See process.c.
package process

// long long sansuiji_memory_counted(void);
import "C"

// MemoryCounted is how many bytes SQLite counts as its own, over all connections;
// 0 while it does not count.
func MemoryCounted() int64 { return int64(C.sansuiji_memory_counted()) }
