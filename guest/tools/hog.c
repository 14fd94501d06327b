/*
 * hog MIB [SECONDS]: takes memory and writes to every page of it, telling how
 * far it got; then holds it, for SECONDS or until it is killed.
 * No buffers and no allocator: its memory is what it was asked to take.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MIB (1024L * 1024L)
#define PAGE 4096L
#define PIECE 8L

static void say(const char *verb, long mib)
{
	char line[48];
	int length = snprintf(line, sizeof line, "hog: %s %ld MiB\n", verb, mib);
	if (write(STDOUT_FILENO, line, length) < 0)
		_exit(1);
}

/* The start of each page differs from all others, so that no page of zeroes is swapped. */
static void fill(unsigned int *page, unsigned int seed)
{
	for (int i = 0; i < 64; i++)
		page[i] = seed = seed * 1664525u + 1013904223u;
}

int main(int argc, char **argv)
{
	long mib = argc > 1 ? atol(argv[1]) : 0;
	if (mib < 1 || mib > 3000) {
		static const char usage[] = "usage: hog MIB [SECONDS]\n";
		return write(STDERR_FILENO, usage, sizeof usage - 1) < 0 || 2;
	}
	/* Piece by piece: one large request is refused at once where it could never fit, and that is another story. */
	for (long from = 0; from < mib; from += PIECE) {
		long piece = mib - from < PIECE ? mib - from : PIECE;
		char *memory = mmap(NULL, piece * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (memory == MAP_FAILED) {
			say("was refused", mib);
			return 1;
		}
		for (long at = 0; at < piece * MIB; at += PAGE)
			fill((unsigned int *)(memory + at), (unsigned int)(from * MIB + at));
		say("wrote", from + piece);
	}
	say("holds", mib);
	if (argc > 2)
		sleep(atoi(argv[2]));
	else
		pause();
	return 0;
}
