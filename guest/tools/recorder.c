/*
 * recorder: answers each byte it reads on its terminal with one line of the
 * guest's own numbers, key=value, so that a page can follow them beside the
 * reader's console. Static buffers, locked in memory, exempt from the OOM
 * killer: it must answer when nothing else can.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <termios.h>
#include <unistd.h>

static char text[16384], line[4096];
static int used;

static int slurp(const char *path)
{
	int fd = open(path, O_RDONLY), length = 0, got;
	if (fd < 0)
		return 0;
	while (length < (int)sizeof text - 1 && (got = read(fd, text + length, sizeof text - 1 - length)) > 0)
		length += got;
	close(fd);
	text[length] = 0;
	return length > 0;
}

static void put(const char *s, int length)
{
	if (used + length > (int)sizeof line - 2)
		return;
	memcpy(line + used, s, length);
	used += length;
}

/* The first number after `key` at the start of a line of what was read. */
static void number(const char *name, const char *key)
{
	const char *at = text;
	int length = strlen(key);
	while (at && strncmp(at, key, length))
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : 0;
	if (!at)
		return;
	at += length;
	at += strspn(at, ": =");
	int digits = strspn(at, "0123456789");
	if (!digits)
		return;
	put(name, strlen(name));
	put("=", 1);
	put(at, digits);
	put(" ", 1);
}

static void numbers(const char *path, const char *prefix, const char *const *keys)
{
	char name[48];
	if (!slurp(path))
		return;
	for (; *keys; keys++) {
		strcpy(name, prefix);
		strncat(name, *keys, strcspn(*keys, ": "));
		number(name, *keys);
	}
}

/* A file that is one number, or the word max. */
static void single(const char *path, const char *name)
{
	if (!slurp(path))
		return;
	put(name, strlen(name));
	put("=", 1);
	put(text, strcspn(text, "\n"));
	put(" ", 1);
}

static const char *const meminfo[] = {"MemTotal:", "MemFree:", "MemAvailable:", "Buffers:", "Cached:", "SwapCached:", "SwapTotal:", "SwapFree:", "AnonPages:", "Shmem:", "Slab:", "SReclaimable:", "KernelStack:", "PageTables:", "Percpu:", 0};
static const char *const vmstat[] = {"balloon_inflate ", "balloon_deflate ", "oom_kill ", "pswpin ", "pswpout ", "pgmajfault ", 0};
static const char *const events[] = {"max ", "oom ", "oom_kill ", 0};
static const char *const stat[] = {"anon ", "kernel ", "pagetables ", 0};
#define GROUP "/sys/fs/cgroup/run/"

static void sample(void)
{
	used = 0;
	single("/proc/uptime", "uptime");
	numbers("/proc/meminfo", "", meminfo);
	numbers("/proc/vmstat", "", vmstat);
	if (slurp("/proc/pressure/memory")) {
		char *some = strstr(text, "total="), *full = some ? strstr(some + 6, "total=") : 0;
		put("stall_some=", 11);
		put(some + 6, some ? strspn(some + 6, "0123456789") : 0);
		put(" stall_full=", 12);
		put(full ? full + 6 : "0", full ? strspn(full + 6, "0123456789") : 1);
		put(" ", 1);
	}
	single(GROUP "memory.max", "cgroup.limit");
	single(GROUP "memory.current", "cgroup.current");
	single(GROUP "memory.peak", "cgroup.peak");
	single(GROUP "memory.swap.current", "cgroup.swap");
	numbers(GROUP "memory.events", "cgroup.", events);
	numbers(GROUP "memory.stat", "cgroup.", stat);
	line[used++] = '\n';
	if (write(STDOUT_FILENO, line, used) < 0)
		_exit(1);
}

int main(void)
{
	struct termios raw;
	char asked;
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);
	if (fd < 0 || write(fd, "-1000", 5) != 5)
		return 1;
	close(fd);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	if (tcgetattr(STDIN_FILENO, &raw))
		return 1;
	cfmakeraw(&raw);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	while (read(STDIN_FILENO, &asked, 1) == 1)
		sample();
	return 0;
}
