/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * mark N (hexadecimal, 0-0x3f): execute the marker instruction with number N, at which the
 * counting plugin of tests/bench writes its counters; a no-operation everywhere else.
 */
#include <stdlib.h>

#define MARK(n)                                                  \
    case n:                                                      \
        __asm__ volatile("nopl 0x4d4b0000+" #n "(%rax,%rax,1)"); \
        return 0;
#define MARKS(t) \
    MARK(t##0) MARK(t##1) MARK(t##2) MARK(t##3) MARK(t##4) MARK(t##5) MARK(t##6) MARK(t##7)

int main(int argc, char **argv)
{
    switch (argc > 1 ? strtol(argv[1], NULL, 16) : -1) {
        MARKS(0x0)
        MARKS(0x1)
        MARKS(0x2)
        MARKS(0x3)
    }
    return 1;
}
