import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A timing program that behaves like the public one. It knows nothing of the mock.
 *
 * <p>Arguments: API key, serial number, number of sessions, passings in each session, HTTP_1_1 or HTTP_2. It prints a
 * line for each answer that it uses and for each passing that it sends, and exits with 1 if a passing is not accepted.
 */
public final class TimingClient {
    private static final String API = "https://api.runonrufus.com/v0";
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    private final HttpClient http;
    private final String apiKey;
    private final AtomicInteger failures = new AtomicInteger();
    private int numPassing;

    private TimingClient(String apiKey, HttpClient.Version version) {
        this.apiKey = apiKey;
        this.http = HttpClient.newBuilder().version(version).connectTimeout(TIMEOUT).build();
    }

    public static void main(String[] arguments) throws Exception {
        TimingClient client = new TimingClient(arguments[0], HttpClient.Version.valueOf(arguments[4]));
        String deviceid = client.bind(arguments[1]);
        for (int session = 0; session < Integer.parseInt(arguments[2]); session++) {
            client.record(client.openSession(deviceid), Integer.parseInt(arguments[3]));
        }
        System.exit(client.failures.get() == 0 ? 0 : 1);
    }

    private String bind(String serialNumber) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(
            "/devices",
            "{\"type\":\"CUSTOM_CHRONO\",\"model\":\"Test reader\",\"serial_number\":\"" + serialNumber
                + "\",\"alias\":\"Finish\"}");
        accept(answer, Set.of(200, 201, 409));
        String deviceid = textAfter(answer.body(), "\"deviceid\":\"");
        System.out.println("bind " + answer.statusCode() + " " + deviceid);
        return deviceid;
    }

    private String openSession(String deviceid) throws IOException, InterruptedException {
        HttpResponse<String> answer = post("/sessions", "{\"deviceid\":\"" + deviceid + "\",\"alias\":\"Finish\"}");
        accept(answer, Set.of(200, 201));
        String token = textAfter(answer.body(), "\"token_session\":\"");
        System.out.println("session " + answer.statusCode() + " " + token);
        return token;
    }

    /** Sends each passing from a thread of its own and waits for all of them. num_passing continues across sessions. */
    private void record(String token, int passings) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < passings; i++) {
            int number = ++numPassing;
            String time = LocalDateTime.now().format(LOCAL_TIME);
            String epc = epc(number);
            System.out.println("passing " + number + " " + epc + " " + time);
            Thread thread = new Thread(() -> send(token, number, time, epc));
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void send(String token, int number, String time, String epc) {
        String body = "{\"token_session\":\"" + token + "\",\"passings_list\":[{\"timestamp\":\"" + time
            + "\",\"num_passing\":" + number + ",\"bib\":\"" + epc + "\"}]}";
        try {
            accept(post("/passings", body), Set.of(200, 201));
        } catch (IOException | InterruptedException error) {
            System.err.println("passing " + number + ": " + error);
            failures.incrementAndGet();
        }
    }

    private HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(API + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("x-api-key", apiKey)
            .POST(BodyPublishers.ofString(json))
            .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private static void accept(HttpResponse<String> answer, Set<Integer> statuses) throws IOException {
        if (!statuses.contains(answer.statusCode())) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
    }

    /** The text between a mark and the next quote. It does not parse JSON: a space after a colon would break it. */
    private static String textAfter(String body, String mark) throws IOException {
        int start = body.indexOf(mark);
        if (start < 0) {
            throw new IOException("no " + mark + " in " + body);
        }
        start += mark.length();
        return body.substring(start, body.indexOf('"', start));
    }

    /** A chip's EPC: 96 bits that spell the bib number. */
    private static String epc(int bib) {
        String text = String.format("00000MC%05d", bib);
        return HexFormat.of().withUpperCase().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
