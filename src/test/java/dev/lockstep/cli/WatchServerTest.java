package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Who may see the page of a study that runs. */
class WatchServerTest {
    private static HttpResponse<String> get(String address, String method) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(address))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void only_who_has_the_address_with_its_token_sees_the_page_and_its_data() throws Exception {
        try (WatchServer server = new WatchServer(0, () -> "<p>page</p>", () -> "{\"a\": 1}");
                WatchServer other = new WatchServer(0, () -> "", () -> "")) {
            String address = server.address();
            assertThat(InetAddress.getByName(URI.create(address).getHost()).isLoopbackAddress())
                    .isTrue();
            assertThat(address).matches("http://[^/]+/[0-9a-f]{32}/");
            assertThat(URI.create(other.address()).getPath())
                    .isNotEqualTo(URI.create(address).getPath());
            assertThat(get(address, "GET").body()).isEqualTo("<p>page</p>");
            assertThat(get(address + "data.json", "GET").body()).isEqualTo("{\"a\": 1}");
            assertThat(get(address + "data.json", "GET").headers().firstValue("Content-Type"))
                    .hasValue("application/json; charset=utf-8");
            String root = address.replaceFirst("[0-9a-f]{32}/$", "");
            for (String elsewhere :
                    new String[] {root, root + "data.json", address + "steps.jsonl", address + "../x"}) {
                assertThat(get(elsewhere, "GET").statusCode()).as(elsewhere).isEqualTo(404);
            }
            assertThat(get(address, "POST").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void a_page_that_cannot_be_made_ends_nothing() throws Exception {
        int[] asked = {0};
        try (WatchServer server = new WatchServer(
                0,
                () -> {
                    if (asked[0]++ == 0) {
                        throw new IllegalStateException("not yet");
                    }
                    return "now";
                },
                () -> "")) {
            String address = server.address();
            assertThat(get(address, "GET").statusCode()).isEqualTo(500);
            assertThat(get(address, "GET").body()).isEqualTo("now");
        }
    }

    @Test
    void a_port_that_is_taken_is_named() {
        try (WatchServer server = new WatchServer(0, () -> "", () -> "")) {
            int port = URI.create(server.address()).getPort();
            assertThatThrownBy(() -> new WatchServer(port, () -> "", () -> ""))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--watch " + port);
        }
    }
}
