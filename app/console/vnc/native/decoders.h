/* The decoders of VNC's encodings: what the parts of this library share.
 *
 * An Engine draws the rectangles of FramebufferUpdates (RFC 6143, 7.6.1; rfbproto.rst) into a screen of 32-bit pixels, blue
 * first in memory.  Bytes are given to it in pieces of any size; it takes what it can use and says why it stopped.  It reads
 * only between the pointers that it is given and writes only into the screen and itself.  It takes memory once, when it is
 * made (and up to 90 KiB for each of the six streams that a server may use), so that no server can make it take more.  No global state; one
 * thread at a time for each Engine.
 */
#ifndef HOSTELRY_DECODERS_H
#define HOSTELRY_DECODERS_H

#include <stddef.h>
#include <stdint.h>

#define ABI 1
/* Counted up with every change of what decoders.py relies on. */

#define MAX_SIDE 16384
#define PANE (160 * 1024)
/* Inflated bytes at once: two rows of the widest screen, ten tiles of ZRLE. */
#define MAX_DAMAGE 32

/* Why hl_run stopped; what is below zero is a problem of the server's bytes. */
enum status {
    MORE = 0,    /* it wants more bytes */
    DONE = 1,    /* the last rectangle is drawn */
    FOREIGN = 2, /* a rectangle that is not ours: the report has its header; call again after it */
    RAW = 3,     /* a large raw rectangle, best received straight into the screen; call hl_drawn after it */
    JPEG = 4,    /* "length" bytes of JPEG follow; call hl_drawn after them */
    BAD_PLACE = -1,
    BAD_COPY = -2,
    BAD_LENGTH = -3,
    BAD_ZLIB = -4,
    TOO_MUCH = -5,
    TOO_LITTLE = -6,
    BAD_TIGHT = -7,
    BAD_TILE = -8,
    BAD_RUN = -9,
    BAD_PART = -10,
    BAD_JPEG = -11,
    NO_MEMORY = -12
};

typedef struct {
    int32_t x, y, w, h;
} Box;

/* Read by the caller after hl_run. */
typedef struct {
    int32_t consumed; /* bytes taken of those given */
    Box rect;
    int32_t encoding;
    int32_t length;
} Report;

typedef struct {
    void *state; /* of the library that inflates; NULL until first used */
} Stream;

typedef struct Engine Engine;

/* Draws from `data`; gives the bytes used (0: the next piece is not all there), or sets e->problem.  Sets e->finished. */
typedef size_t (*Draw)(Engine *e, const uint8_t *data, size_t size);

typedef int (*JpegHeader)(void *, const uint8_t *, unsigned long, int *, int *, int *, int *);
typedef int (*JpegDraw)(void *, const uint8_t *, unsigned long, uint8_t *, int, int, int, int, int);
typedef int (*JpegError)(void *);

struct Engine {
    Report report;
    Box damage[MAX_DAMAGE];
    int32_t damaged;

    uint8_t *pixels;
    size_t stride;
    int width, height;

    int left;  /* rectangles of this update that are still to come */
    int stage; /* what the next bytes are */
    int problem;
    Box rect;
    Draw draw;
    int finished;
    uint32_t need;   /* compressed bytes of this rectangle that are still to come */
    Stream *stream;  /* what inflates them */
    size_t surplus;  /* inflated bytes after the last pixel that are still let pass */

    int row;    /* the next one to draw */
    int tx, ty; /* the next tile, from the rectangle's corner */
    int side;   /* of a tile */
    uint32_t palette[256];
    int colours;
    uint32_t background, foreground;
    uint8_t above[MAX_SIDE * 3]; /* of Tight's gradient: the row before */

    void *jpeg;
    JpegHeader jpeg_header;
    JpegDraw jpeg_draw;
    JpegError jpeg_error;

    Stream streams[6]; /* Tight's four, Zlib, ZRLE */
    size_t filled;
    uint8_t pane[PANE];
};

/* rows.c */
size_t draw_raw(Engine *e, const uint8_t *data, size_t size);
size_t draw_rgb(Engine *e, const uint8_t *data, size_t size);
size_t draw_bits(Engine *e, const uint8_t *data, size_t size);
size_t draw_places(Engine *e, const uint8_t *data, size_t size);
size_t draw_gradient(Engine *e, const uint8_t *data, size_t size);
void draw_solid(Engine *e, Box box, uint32_t colour);
void move_pixels(Engine *e, int from_x, int from_y);

/* tiles.c, hextile.c */
size_t draw_zrle(Engine *e, const uint8_t *data, size_t size);
size_t draw_hextile(Engine *e, const uint8_t *data, size_t size);
int next_tile(Engine *e, Box *tile);

/* stream.c */
int stream_open(Stream *stream);
void stream_reset(Stream *stream);
void stream_close(Stream *stream);
int pour(Engine *e, const uint8_t *data, size_t size);

static inline uint32_t *pixel_at(const Engine *e, int x, int y) {
    return (uint32_t *)(void *)(e->pixels + (size_t)y * e->stride + (size_t)x * 4);
}

static inline uint32_t from_bgr(const uint8_t *p) {
    return 0xff000000u | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static inline uint32_t from_rgb(const uint8_t *p) {
    return 0xff000000u | (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
}

/* The framebuffer's format: blue, green, red, unused, whatever the machine's byte order. */
static inline uint32_t from_bgrx(const uint8_t *p) { return from_bgr(p); }

static inline uint32_t be32(const uint8_t *p) {
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline int be16(const uint8_t *p) { return p[0] << 8 | p[1]; }

static inline void fill(uint32_t *out, size_t count, uint32_t colour) {
    for (size_t i = 0; i < count; i++) out[i] = colour;
}

#endif
