/* How would a disk behave whose every fsync and fdatasync takes SLOWSYNC_US longer?
 *
 * Preload into a server. Each call is passed on, then the caller waits. When
 * SLOWSYNC_COUNT names a file, calls are counted in its first eight bytes, shared
 * by all processes of the server: a count that stays at zero means the server
 * does not sync through libc and the figures of a slow run would be false.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef int (*sync_call)(int);

static sync_call real_fsync, real_fdatasync;
static long delay_us = 1500;
static _Atomic unsigned long own_count;
static _Atomic unsigned long *count = &own_count;

__attribute__((constructor)) static void prepare(void) {
    real_fsync = (sync_call)dlsym(RTLD_NEXT, "fsync");
    real_fdatasync = (sync_call)dlsym(RTLD_NEXT, "fdatasync");
    const char *delay = getenv("SLOWSYNC_US");
    if (delay) delay_us = atol(delay);
    const char *path = getenv("SLOWSYNC_COUNT");
    int fd = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666) : -1;
    if (fd < 0) return;
    if (ftruncate(fd, sizeof *count) == 0) {
        void *page = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (page != MAP_FAILED) count = page;
    }
    close(fd);
}

/* Waits until an absolute time, so a signal does not shorten the delay. */
static int slow(int result) {
    int saved = errno;
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_nsec += delay_us * 1000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) { }
    atomic_fetch_add(count, 1);
    errno = saved;
    return result;
}

int fsync(int fd) { return slow(real_fsync(fd)); }
int fdatasync(int fd) { return slow(real_fdatasync(fd)); }
