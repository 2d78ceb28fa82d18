/*
 * Stands between a program and its disk (LD_PRELOAD): writes down, in order, everything the program does to the files
 * below one folder, what it says on standard output, and when it sends something. The harness makes of that journal
 * whatever a disk may hold after a power cut. It can also end the program at its Nth call, and make calls fail.
 *
 *   VALIZA_POWER_FOLDER   the folder, absolute, without links; nothing else is touched
 *   VALIZA_POWER_JOURNAL  the file to which the journal is appended
 *   VALIZA_POWER_CUT      end at the Nth call that changes something, before it is done
 *   VALIZA_POWER_FAULT    calls that fail, their error, from the Nth on, "once" or "ever":  write|open 28 5 ever
 *   VALIZA_POWER_WHILE    faults happen only while this file exists
 *
 * A record of the journal: kind (1 byte), file (4), number (8), two lengths (4 each), then so many bytes; little endian.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 4096 };

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static size_t folder_length;
static int journal = -1;
static uint64_t calls, cut_at;
static char fault_kinds[128];
static int fault_error, fault_ever;
static uint64_t fault_at, fault_calls;
static char fault_while[PATH_MAX];
/* Inodes that were opened below the folder; the place is the file's name in the journal. */
static struct { dev_t device; ino_t inode; } files[FILES];
static uint32_t files_count;

/* Below the folder, and none of SQLite's shared memory: that is no data, and is not written through calls. */
static int ours(const char *path) {
    if (!folder_length || strncmp(path, folder, folder_length) != 0) return 0;
    if (path[folder_length] != '\0' && path[folder_length] != '/') return 0;
    size_t length = strlen(path);
    return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static const char *absolute(int at, const char *path, char *buffer) {
    if (path[0] == '/') return path;
    char link[64];
    ssize_t length;
    if (at == AT_FDCWD) {
        if (syscall(SYS_getcwd, buffer, PATH_MAX) < 0) return path;
        length = strlen(buffer);
    } else {
        snprintf(link, sizeof link, "/proc/self/fd/%d", at);
        length = readlink(link, buffer, PATH_MAX - 1);
        if (length < 0) return path;
    }
    snprintf(buffer + length, PATH_MAX - length, "/%s", path);
    return buffer;
}

static void put(char kind, uint32_t file, uint64_t number, const void *a, size_t al, const void *b, size_t bl) {
    unsigned char head[21];
    uint32_t la = al, lb = bl;
    head[0] = kind;
    memcpy(head + 1, &file, 4);
    memcpy(head + 5, &number, 8);
    memcpy(head + 13, &la, 4);
    memcpy(head + 17, &lb, 4);
    struct iovec parts[3] = {{head, 21}, {(void *)a, al}, {(void *)b, bl}};
    ssize_t written = syscall(SYS_writev, journal, parts, 3);
    if (written != (ssize_t)(21 + al + bl)) {
        static const char words[] = "the journal of the interposer cannot be written\n";
        syscall(SYS_write, 2, words, sizeof words - 1);
        _exit(99);
    }
}

static void put_path(char kind, const char *path) { put(kind, 0, 0, path, strlen(path), "", 0); }

/* Returns with the turn taken. The Nth call is written down as begun, and the power is gone. */
static int begins(void) {
    pthread_mutex_lock(&turn);
    return ++calls == cut_at;
}

static void power_off(void) {
    put('!', 0, calls, "", 0, "", 0);
    _exit(137);
}

static void ends(void) {
    int kept = errno;
    pthread_mutex_unlock(&turn);
    errno = kept;
}

/* The error that a call of this kind must end with, or 0. The turn is taken. */
static int fails(const char *kind) {
    if (!fault_at || !strstr(fault_kinds, kind)) return 0;
    if (fault_while[0] && syscall(SYS_faccessat, AT_FDCWD, fault_while, F_OK) != 0) return 0;
    fault_calls++;
    if (fault_ever ? fault_calls < fault_at : fault_calls != fault_at) return 0;
    put('F', 0, 0, kind, strlen(kind), "", 0);
    return fault_error;
}

static uint32_t number_of(const struct stat *is) {
    for (uint32_t at = files_count; at-- > 0;)
        if (files[at].inode == is->st_ino && files[at].device == is->st_dev) return at + 1;
    return 0;
}

static uint32_t add(const struct stat *is) {
    if (files_count == FILES) _exit(98);
    files[files_count].device = is->st_dev;
    files[files_count++].inode = is->st_ino;
    return files_count;
}

/* The last name of a file goes: its inode may be another file's soon. */
static void forget(const char *path) {
    struct stat is;
    uint32_t file;
    if (stat(path, &is) == 0 && is.st_nlink == 1 && (file = number_of(&is))) files[file - 1].inode = 0;
}

/* The journal's number of an open file, or 0 if it is none of ours. */
static uint32_t file_of(int fd) {
    struct stat is;
    if (journal < 0 || fd < 0 || fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) return 0;
    return number_of(&is);
}

static int is_socket(int fd) {
    struct stat is;
    return journal >= 0 && fstat(fd, &is) == 0 && S_ISSOCK(is.st_mode);
}

__attribute__((constructor)) static void start(void) {
    const char *where = getenv("VALIZA_POWER_FOLDER"), *to = getenv("VALIZA_POWER_JOURNAL");
    unsetenv("LD_PRELOAD");
    if (!where || !to) return;
    snprintf(folder, sizeof folder, "%s", where);
    int fd = syscall(SYS_openat, AT_FDCWD, to, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    journal = fcntl(fd, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, fd);
    if (journal < 0) _exit(97);
    const char *text = getenv("VALIZA_POWER_CUT");
    if (text) cut_at = strtoull(text, NULL, 10);
    text = getenv("VALIZA_POWER_FAULT");
    char often[8];
    if (text && sscanf(text, "%127s %d %lu %7s", fault_kinds, &fault_error, &fault_at, often) == 4)
        fault_ever = strcmp(often, "ever") == 0;
    text = getenv("VALIZA_POWER_WHILE");
    if (text) snprintf(fault_while, sizeof fault_while, "%s", text);
    folder_length = strlen(folder);
    put('B', 0, 0, "", 0, "", 0);
}

/* ---- names ---- */

static int open_at(int at, const char *path, int flags, mode_t mode) {
    char buffer[PATH_MAX];
    const char *whole = folder_length ? absolute(at, path, buffer) : path;
    if (!ours(whole)) return syscall(SYS_openat, at, path, flags, mode);
    int writing = (flags & O_ACCMODE) != O_RDONLY;
    struct stat before;
    int was = stat(whole, &before) == 0;
    int makes = writing && (flags & O_CREAT) && !was, empties = writing && (flags & O_TRUNC) && was && before.st_size > 0;
    int off = 0;
    if (makes || empties) off = begins();
    else pthread_mutex_lock(&turn);
    int error = writing ? fails(makes ? "create" : "open") : 0;
    if (error) {
        errno = error;
        ends();
        return -1;
    }
    if (off) {
        if (makes) put('N', FILES + 1, 0, whole, strlen(whole), "", 0);
        power_off();
    }
    int fd = syscall(SYS_openat, at, path, flags, mode);
    struct stat is;
    if (fd >= 0 && fstat(fd, &is) == 0 && S_ISREG(is.st_mode)) {
        uint32_t file = makes ? 0 : number_of(&is);
        if (makes) put('N', add(&is), 0, whole, strlen(whole), "", 0);
        else if (!file) put('O', file = add(&is), 0, whole, strlen(whole), "", 0);
        if (empties) put('T', file, 0, "", 0, "", 0);
    }
    ends();
    return fd;
}

#define MODE                                         \
    mode_t mode = 0;                                 \
    if (flags & (O_CREAT | O_TMPFILE)) {             \
        va_list rest;                                \
        va_start(rest, flags);                       \
        mode = va_arg(rest, mode_t);                 \
        va_end(rest);                                \
    }

int open(const char *path, int flags, ...) { MODE return open_at(AT_FDCWD, path, flags, mode); }
int open64(const char *path, int flags, ...) { MODE return open_at(AT_FDCWD, path, flags, mode); }
int openat(int at, const char *path, int flags, ...) { MODE return open_at(at, path, flags, mode); }
int openat64(int at, const char *path, int flags, ...) { MODE return open_at(at, path, flags, mode); }
int creat(const char *path, mode_t mode) { return open_at(AT_FDCWD, path, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *path, mode_t mode) { return creat(path, mode); }

static int rename_at(int at, const char *from, int to_at, const char *to, unsigned flags) {
    char one[PATH_MAX], other[PATH_MAX];
    const char *a = folder_length ? absolute(at, from, one) : from, *b = folder_length ? absolute(to_at, to, other) : to;
    if (!ours(a) && !ours(b)) return syscall(SYS_renameat2, at, from, to_at, to, flags);
    int off = begins(), error = fails("rename"), done = -1;
    if (!error && !off) forget(b);
    if (error) errno = error;
    else if (off || (done = syscall(SYS_renameat2, at, from, to_at, to, flags)) == 0)
        put('R', 0, 0, a, strlen(a), b, strlen(b));
    if (off) power_off();
    ends();
    return done;
}

int rename(const char *from, const char *to) { return rename_at(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int a, const char *from, int b, const char *to) { return rename_at(a, from, b, to, 0); }
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) { return rename_at(a, from, b, to, flags); }

static int name_call(char kind, const char *fault, int at, const char *path, long number, int flags) {
    char buffer[PATH_MAX];
    const char *whole = folder_length ? absolute(at, path, buffer) : path;
    if (!ours(whole)) return syscall(number, at, path, flags);
    int off = begins(), error = fails(fault), done = -1;
    if (kind == 'U' && !error && !off) forget(whole);
    if (error) errno = error;
    else if (off || (done = syscall(number, at, path, flags)) == 0) put_path(kind, whole);
    if (off) power_off();
    ends();
    return done;
}

int unlink(const char *path) { return name_call('U', "unlink", AT_FDCWD, path, SYS_unlinkat, 0); }
int rmdir(const char *path) { return name_call('X', "unlink", AT_FDCWD, path, SYS_unlinkat, AT_REMOVEDIR); }
int unlinkat(int at, const char *path, int flags) {
    return name_call(flags & AT_REMOVEDIR ? 'X' : 'U', "unlink", at, path, SYS_unlinkat, flags);
}
int mkdir(const char *path, mode_t mode) { return name_call('K', "create", AT_FDCWD, path, SYS_mkdirat, mode); }
int mkdirat(int at, const char *path, mode_t mode) { return name_call('K', "create", at, path, SYS_mkdirat, mode); }

/* Nothing of the programs makes links; if something begins to, the harness has to learn about them first. */
static int no_links(const char *path) {
    if (ours(path)) put_path('?', path);
    return 0;
}
int link(const char *from, const char *to) { no_links(to); return syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0); }
int symlink(const char *from, const char *to) { no_links(to); return syscall(SYS_symlinkat, from, AT_FDCWD, to); }

/* ---- bytes ---- */

static ssize_t read_at(int fd, void *bytes, size_t length, int64_t at) {
    if (fault_at && strstr(fault_kinds, "read") && file_of(fd)) {
        pthread_mutex_lock(&turn);
        int error = fails("read");
        pthread_mutex_unlock(&turn);
        if (error) {
            errno = error;
            return -1;
        }
    }
    return at < 0 ? syscall(SYS_read, fd, bytes, length) : syscall(SYS_pread64, fd, bytes, length, at);
}

ssize_t read(int fd, void *bytes, size_t length) { return read_at(fd, bytes, length, -1); }
ssize_t pread(int fd, void *bytes, size_t length, off_t at) { return read_at(fd, bytes, length, at); }
ssize_t pread64(int fd, void *bytes, size_t length, off64_t at) { return read_at(fd, bytes, length, at); }

static ssize_t write_at(int fd, const struct iovec *parts, int count, int64_t offset) {
    uint32_t file = file_of(fd);
    if (!file) {
        ssize_t done = offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0L);
        if (done > 0 && journal >= 0 && fd == 1) {
            int kept = errno;
            pthread_mutex_lock(&turn);
            /* What was said is one part in practice; of more, the first counts. */
            put('A', 0, 0, parts[0].iov_base, parts[0].iov_len < (size_t)done ? parts[0].iov_len : (size_t)done, "", 0);
            pthread_mutex_unlock(&turn);
            errno = kept;
        }
        return done;
    }
    int off = begins(), error = fails("write");
    if (error) {
        errno = error;
        ends();
        return -1;
    }
    int64_t place = offset;
    if (place < 0) {
        struct stat is;
        place = fcntl(fd, F_GETFL) & O_APPEND ? (fstat(fd, &is), is.st_size) : lseek(fd, 0, SEEK_CUR);
    }
    ssize_t done = 0, left;
    if (!off) done = offset < 0 ? syscall(SYS_writev, fd, parts, count) : syscall(SYS_pwritev, fd, parts, count, offset, 0L);
    left = off ? SSIZE_MAX : done;
    for (int at = 0; at < count && left > 0; at++) {
        ssize_t length = (ssize_t)parts[at].iov_len < left ? (ssize_t)parts[at].iov_len : left;
        put('W', file, place, parts[at].iov_base, length, "", 0);
        place += length;
        left -= length;
    }
    if (off) power_off();
    ends();
    return done;
}

ssize_t write(int fd, const void *bytes, size_t length) {
    struct iovec part = {(void *)bytes, length};
    if (journal < 0) return syscall(SYS_write, fd, bytes, length);
    return write_at(fd, &part, 1, -1);
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
    struct iovec part = {(void *)bytes, length};
    return write_at(fd, &part, 1, at);
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t at) { return pwrite(fd, bytes, length, at); }
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t at) { return write_at(fd, parts, count, at); }
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t at) { return write_at(fd, parts, count, at); }

static void sends(int fd) {
    if (!is_socket(fd)) return;
    int kept = errno;
    pthread_mutex_lock(&turn);
    put('P', 0, 0, "", 0, "", 0);
    pthread_mutex_unlock(&turn);
    errno = kept;
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    sends(fd);
    return write_at(fd, parts, count, -1);
}
ssize_t send(int fd, const void *bytes, size_t length, int flags) {
    sends(fd);
    return syscall(SYS_sendto, fd, bytes, length, flags, NULL, 0);
}
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    sends(fd);
    return syscall(SYS_sendmsg, fd, message, flags);
}

int ftruncate(int fd, off_t length) {
    uint32_t file = file_of(fd);
    if (!file) return syscall(SYS_ftruncate, fd, length);
    int off = begins(), error = fails("write"), done = -1;
    if (error) errno = error;
    else if (off || (done = syscall(SYS_ftruncate, fd, length)) == 0) put('T', file, length, "", 0, "", 0);
    if (off) power_off();
    ends();
    return done;
}
int ftruncate64(int fd, off64_t length) { return ftruncate(fd, length); }

static int sync_call(int fd, long number) {
    struct stat is;
    uint32_t file = file_of(fd);
    char path[PATH_MAX] = "", link[64];
    if (!file && journal >= 0 && fstat(fd, &is) == 0 && S_ISDIR(is.st_mode)) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, PATH_MAX - 1);
        path[length < 0 ? 0 : length] = '\0';
    }
    if (!file && !ours(path)) return syscall(number, fd);
    int off = begins(), error = fails("fsync");
    if (off) power_off();
    if (error) {
        /* The kernel has forgotten what it could not write: the next call succeeds and changes nothing. */
        if (file) put('E', file, 0, "", 0, "", 0);
        errno = error;
        ends();
        return -1;
    }
    if (file) put('S', file, 0, "", 0, "", 0);
    else put_path('D', path);
    ends();
    return 0;
}

int fsync(int fd) { return sync_call(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_call(fd, SYS_fdatasync); }

/* Copies go through read and write, where they are seen. */
ssize_t copy_file_range(int in, off64_t *a, int out, off64_t *b, size_t length, unsigned flags) {
    if (!file_of(out)) return syscall(SYS_copy_file_range, in, a, out, b, length, flags);
    errno = ENOSYS;
    return -1;
}
ssize_t sendfile(int out, int in, off_t *at, size_t length) {
    if (!file_of(out)) return syscall(SYS_sendfile, out, in, at, length);
    errno = EINVAL;
    return -1;
}
ssize_t sendfile64(int out, int in, off64_t *at, size_t length) { return sendfile(out, in, at, length); }
int fallocate(int fd, int mode, off_t at, off_t length) {
    if (!file_of(fd)) return syscall(SYS_fallocate, fd, mode, at, length);
    errno = EOPNOTSUPP;
    return -1;
}
int fallocate64(int fd, int mode, off64_t at, off64_t length) { return fallocate(fd, mode, at, length); }
int posix_fallocate(int fd, off_t at, off_t length) {
    if (!file_of(fd)) return syscall(SYS_fallocate, fd, 0, at, length) == 0 ? 0 : errno;
    return EOPNOTSUPP;
}
int posix_fallocate64(int fd, off64_t at, off64_t length) { return posix_fallocate(fd, at, length); }

/* Bytes that are written through memory would not be seen. */
void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t at) {
    if (fd >= 0 && (protection & PROT_WRITE) && (flags & MAP_SHARED) && file_of(fd)) {
        pthread_mutex_lock(&turn);
        put('?', 0, 0, "mmap", 4, "", 0);
        pthread_mutex_unlock(&turn);
    }
    return (void *)syscall(SYS_mmap, where, length, protection, flags, fd, at);
}
void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t at) {
    return mmap(where, length, protection, flags, fd, at);
}
