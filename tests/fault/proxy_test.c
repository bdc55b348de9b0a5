/* The proxy of the fault tests, between two sockets of this program. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/proxy.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DIRECTIONS_COUNT = 2, LARGE_SIZE = 4 * 1024 * 1024 };

typedef struct wire {
    int listener;
    proxy *between;
    int client;
    int server;
} wire;

/* A socket whose reads end with an error after ten seconds instead of never. */
static void bound(int descriptor)
{
    const struct timeval longest = {.tv_sec = 10};
    assert_int_equal(setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof(longest)), 0);
}

static int listener_open(unsigned int *port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(listener >= 0);
    assert_int_equal(bind(listener, (const struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 8), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    bound(listener);
    *port = ntohs(address.sin_port);
    return listener;
}

static int client_connect(const proxy *between)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *port = strrchr(proxy_url(between), ':') + 1;
    unsigned long number = 0;
    for (; *port >= '0' && *port <= '9'; port++) {
        number = number * 10 + (unsigned long)(*port - '0');
    }
    address.sin_port = htons((uint16_t)number);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(client >= 0);
    assert_int_equal(connect(client, (const struct sockaddr *)&address, sizeof(address)), 0);
    bound(client);
    return client;
}

static void wire_open(wire *self)
{
    char url[64];
    unsigned int port = 0;
    self->listener = listener_open(&port);
    assert_true(snprintf(url, sizeof(url), "test://127.0.0.1:%u/name", port) > 0);
    self->between = proxy_start(url);
    self->client = client_connect(self->between);
    self->server = accept(self->listener, NULL, NULL);
    assert_true(self->server >= 0);
    bound(self->server);
}

static void wire_close(wire *self)
{
    proxy_stop(self->between);
    assert_int_equal(close(self->client) | close(self->server) | close(self->listener), 0);
}

static void say(int descriptor, const char *words)
{
    assert_int_equal(send(descriptor, words, strlen(words), MSG_NOSIGNAL), strlen(words));
}

static void expect(int descriptor, const char *words)
{
    char heard[64] = "";
    size_t size = strlen(words);
    assert_true(size < sizeof(heard));
    assert_int_equal(recv(descriptor, heard, size, MSG_WAITALL), size);
    assert_string_equal(heard, words);
}

static void expect_end(int descriptor)
{
    char byte;
    assert_int_equal(recv(descriptor, &byte, 1, 0), 0);
}

static void expect_reset(int descriptor)
{
    char byte;
    assert_int_equal(recv(descriptor, &byte, 1, 0), -1);
    assert_int_equal(errno, ECONNRESET);
}

static void expect_silence(int descriptor)
{
    char byte;
    assert_int_equal(recv(descriptor, &byte, 1, MSG_DONTWAIT), -1);
    assert_true(errno == EAGAIN);
}

static void the_url_names_the_proxy_in_place_of_the_server(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        const char *head;
        const char *rest;
    } rows[] = {
        {"postgresql://127.0.0.1:5432/name?a=b", "postgresql://127.0.0.1:", "/name?a=b"},
        {"postgresql://me:p%40ss@127.0.0.1/name", "postgresql://me:p%40ss@127.0.0.1:", "/name"},
        {"postgresql://127.0.0.1:1", "postgresql://127.0.0.1:", ""},
        {"postgresql://127.0.0.1:1?host=/a@b", "postgresql://127.0.0.1:", "?host=/a@b"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        proxy *between = proxy_start(rows[i].url);
        const char *url = proxy_url(between);
        size_t head_size = strlen(rows[i].head);
        assert_memory_equal(url, rows[i].head, head_size);
        size_t digits_count = strspn(url + head_size, "0123456789");
        assert_in_range(digits_count, 1, 5);
        assert_string_equal(url + head_size + digits_count, rows[i].rest);
        proxy_stop(between);
    }
}

static void bytes_and_turns_are_counted(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    say(w.client, "one");
    expect(w.server, "one");
    say(w.client, "two");
    expect(w.server, "two");
    say(w.server, "answer");
    expect(w.client, "answer");
    say(w.client, "three");
    expect(w.server, "three");
    proxy_counts counts = proxy_count(w.between);
    assert_int_equal(counts.connections, 1);
    assert_int_equal(counts.open, 1);
    assert_int_equal(counts.bytes[PROXY_TO_SERVER], 11);
    assert_int_equal(counts.bytes[PROXY_TO_CLIENT], 6);
    assert_int_equal(counts.turns, 2);
    wire_close(&w);
}

static void a_held_direction_is_silent_until_it_goes_on(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    int ends[DIRECTIONS_COUNT] = {w.client, w.server};
    for (int i = 0; i < DIRECTIONS_COUNT; i++) {
        int speaker = ends[i], listener = ends[1 - i];
        proxy_fail(w.between, (proxy_direction)i, 0, PROXY_HOLD);
        say(speaker, "held");
        say(listener, "free");
        expect(speaker, "free");
        expect_silence(listener);
        proxy_resume(w.between);
        expect(listener, "held");
    }
    wire_close(&w);
}

static void a_direction_fails_after_so_many_bytes(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    proxy_fail(w.between, PROXY_TO_CLIENT, 3, PROXY_HOLD);
    say(w.server, "abcdef");
    expect(w.client, "abc");
    expect_silence(w.client);
    proxy_resume(w.between);
    expect(w.client, "def");
    proxy_fail(w.between, PROXY_TO_SERVER, 4, PROXY_CLOSE);
    say(w.client, "ghijkl");
    expect(w.server, "ghij");
    expect_end(w.server);
    expect_end(w.client);
    assert_int_equal(proxy_count(w.between).open, 0);
    wire_close(&w);
}

static void connections_are_reset_at_once(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    say(w.client, "x");
    expect(w.server, "x");
    proxy_fail(w.between, PROXY_TO_SERVER, 0, PROXY_RESET);
    expect_reset(w.client);
    expect_reset(w.server);
    /* The next connection is not concerned. */
    assert_int_equal(close(w.client) | close(w.server), 0);
    w.client = client_connect(w.between);
    w.server = accept(w.listener, NULL, NULL);
    say(w.client, "again");
    expect(w.server, "again");
    assert_int_equal(proxy_count(w.between).connections, 2);
    wire_close(&w);
}

static void an_end_reaches_the_other_side_alone(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    say(w.client, "last words");
    assert_int_equal(shutdown(w.client, SHUT_WR), 0);
    expect(w.server, "last words");
    expect_end(w.server);
    say(w.server, "answer");
    expect(w.client, "answer");
    assert_int_equal(shutdown(w.server, SHUT_WR), 0);
    expect_end(w.client);
    wire_close(&w);
}

static void new_connections_are_refused_until_it_goes_on(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    proxy_refuse(w.between);
    int refused = client_connect(w.between);
    expect_end(refused);
    assert_int_equal(close(refused), 0);
    say(w.client, "old");
    expect(w.server, "old");
    proxy_resume(w.between);
    int second = client_connect(w.between);
    int accepted = accept(w.listener, NULL, NULL);
    assert_true(accepted >= 0);
    bound(accepted);
    say(second, "new");
    expect(accepted, "new");
    assert_int_equal(close(second) | close(accepted), 0);
    wire_close(&w);
}

static void without_a_server_connections_end(void **state)
{
    (void)state;
    wire w;
    wire_open(&w);
    assert_int_equal(close(w.listener), 0);
    int lonely = client_connect(w.between);
    expect_end(lonely);
    assert_int_equal(close(lonely), 0);
    w.listener = dup(w.client);
    wire_close(&w);
}

/* Bytes that tell their place. */
static unsigned char large_byte(size_t i)
{
    return (unsigned char)(i * 31 + (i >> 8) * 7 + (i >> 16));
}

static void *say_much(void *data)
{
    const int *descriptor = data;
    static unsigned char words[LARGE_SIZE];
    for (size_t i = 0; i < LARGE_SIZE; i++) {
        words[i] = large_byte(i);
    }
    for (size_t sent = 0; sent < LARGE_SIZE;) {
        ssize_t size = send(*descriptor, words + sent, LARGE_SIZE - sent, MSG_NOSIGNAL);
        if (size <= 0) return words;
        sent += (size_t)size;
    }
    return NULL;
}

static void much_arrives_as_it_was_sent(void **state)
{
    (void)state;
    wire w;
    pthread_t thread;
    wire_open(&w);
    assert_int_equal(pthread_create(&thread, NULL, say_much, &w.server), 0);
    size_t heard = 0;
    bool is_same = true;
    while (heard < LARGE_SIZE) {
        unsigned char words[4096];
        ssize_t size = recv(w.client, words, sizeof(words), 0);
        assert_true(size > 0);
        for (ssize_t i = 0; i < size; i++) {
            is_same = is_same && words[i] == large_byte(heard++);
        }
    }
    void *failed = NULL;
    assert_int_equal(pthread_join(thread, &failed), 0);
    assert_null(failed);
    assert_true(is_same);
    assert_int_equal(proxy_count(w.between).bytes[PROXY_TO_CLIENT], LARGE_SIZE);
    wire_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_url_names_the_proxy_in_place_of_the_server),
        cmocka_unit_test(bytes_and_turns_are_counted),
        cmocka_unit_test(a_held_direction_is_silent_until_it_goes_on),
        cmocka_unit_test(a_direction_fails_after_so_many_bytes),
        cmocka_unit_test(connections_are_reset_at_once),
        cmocka_unit_test(an_end_reaches_the_other_side_alone),
        cmocka_unit_test(new_connections_are_refused_until_it_goes_on),
        cmocka_unit_test(without_a_server_connections_end),
        cmocka_unit_test(much_arrives_as_it_was_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
