/* Collects what SPICE's library tells of its surface, strip by strip (32 pixels wide, thousands in a second), so that Python is
 * called once a frame.  hl_strip is a handler of "display-invalidate", always called on the thread that Python reads the table on.
 */

#include <stdint.h>

enum { ABI = 1, MOST = 32 };

typedef struct {
    int32_t x, y, w, h;
} Box;

/* The same in worker/strips.py.  first: called when the table was empty. */
typedef struct {
    void (*first)(void);
    int32_t updates, count;
    Box boxes[MOST];
} Strips;

static int32_t least(int32_t a, int32_t b) { return a < b ? a : b; }

static int32_t most(int32_t a, int32_t b) { return a > b ? a : b; }

static Box united(Box a, Box b)
{
    int32_t x = least(a.x, b.x), y = least(a.y, b.y);
    return (Box){x, y, most(a.x + a.w, b.x + b.w) - x, most(a.y + a.h, b.y + b.h) - y};
}

/* Whether b lies right of a or below it, or over its edge, so that both together are a rectangle. */
static int continues(Box a, Box b)
{
    if (a.y == b.y && a.h == b.h)
        return a.x <= b.x && b.x <= a.x + a.w;
    return a.x == b.x && a.w == b.w && a.y <= b.y && b.y <= a.y + a.h;
}

static void add(Strips *strips, Box box)
{
    int32_t last = strips->count - 1;
    if (last >= 0 && continues(strips->boxes[last], box)) {
        strips->boxes[last] = united(strips->boxes[last], box);
        return;
    }
    if (strips->count == MOST) {
        for (int32_t at = 1; at < MOST; at++)
            strips->boxes[0] = united(strips->boxes[0], strips->boxes[at]);
        strips->boxes[0] = united(strips->boxes[0], box);
        strips->count = 1;
        return;
    }
    strips->boxes[strips->count++] = box;
}

/* Visible to the linker, and declared as compilers want it. */
#define PUBLIC __attribute__((visibility("default")))
PUBLIC int hl_strips_abi(void);
PUBLIC void hl_strip(void *channel, int x, int y, int w, int h, Strips *strips);

int hl_strips_abi(void) { return ABI; }

void hl_strip(void *channel, int x, int y, int w, int h, Strips *strips)
{
    (void)channel;
    /* A server may say anything; the surface's own bounds are looked at where the table is read. */
    enum { FAR = 1 << 24 };
    if (x < 0 || y < 0 || w <= 0 || h <= 0 || x > FAR || y > FAR || w > FAR || h > FAR)
        return;
    int was_empty = strips->count == 0;
    strips->updates++;
    add(strips, (Box){x, y, w, h});
    if (was_empty)
        strips->first();
}
