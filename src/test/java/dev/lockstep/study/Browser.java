package dev.lockstep.study;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium without a window, driven by the machine's own chromedriver; nothing is fetched from anywhere. */
final class Browser implements AutoCloseable {
    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Whether this machine has what it takes. */
    static boolean isThere() {
        return onPath("chromium", "chromium-browser", "google-chrome").isPresent()
                && onPath("chromedriver").isPresent();
    }

    static Browser open(Path profile) {
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        ChromeOptions options = new ChromeOptions();
        options.setBinary(
                onPath("chromium", "chromium-browser", "google-chrome").orElseThrow());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--user-data-dir=" + profile);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(onPath("chromedriver").orElseThrow())
                .usingAnyFreePort()
                .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Optional<File> onPath(String... names) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .flatMap(folder -> Stream.of(names).map(name -> new File(folder, name)))
                .filter(File::canExecute)
                .findFirst();
    }

    void show(String address) {
        driver.get(address);
    }

    /** Makes the window so wide, as a telephone's below 500 pixels. */
    void width(int pixels) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", pixels, "height", 844, "deviceScaleFactor", 1, "mobile", pixels < 500));
    }

    ChromeDriver driver() {
        return driver;
    }

    WebElement find(String selector) {
        return driver.findElement(By.cssSelector(selector));
    }

    List<WebElement> all(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    Object script(String code) {
        return ((JavascriptExecutor) driver).executeScript(code);
    }

    /** Waits until something is so, at most 20 seconds. */
    void waitFor(BooleanSupplier condition) {
        new WebDriverWait(driver, Duration.ofSeconds(20), Duration.ofMillis(100))
                .until(any -> condition.getAsBoolean());
    }

    /** The width of the window, without what scrolls it. */
    int windowWidth() {
        return ((Number) script("return document.documentElement.clientWidth")).intValue();
    }

    /** The width of what the window shows, at least the window's. */
    int contentWidth() {
        return ((Number) script("return document.documentElement.scrollWidth")).intValue();
    }

    /** The texts of figures that reach over their plot's edges. */
    List<String> cutTexts() {
        List<?> cut = (List<?>) script("""
                return [...document.querySelectorAll("figure")].flatMap(figure => {
                  const svg = figure.querySelector(".plot svg");
                  if (!svg) return [];
                  const box = svg.getBoundingClientRect();
                  return [...svg.querySelectorAll("text")].filter(text => {
                    const r = text.getBoundingClientRect();
                    return r.left < box.left - 1 || r.right > box.right + 1 || r.bottom > box.bottom + 1;
                  }).map(text => figure.id + ": " + text.textContent);
                });""");
        return cut.stream().map(String::valueOf).toList();
    }

    /** The texts of figures that lie over each other. */
    List<String> touchingTexts() {
        List<?> touching = (List<?>) script("""
                return [...document.querySelectorAll("figure")].flatMap(figure => {
                  const texts = [...figure.querySelectorAll(".plot svg text")].filter(text => text.textContent.trim())
                    .map(text => ({ text: text.textContent, box: text.getBoundingClientRect() }));
                  return texts.flatMap(({ text, box: a }, i) => texts.slice(i + 1)
                    .filter(({ box: b }) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
                      && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3)
                    .map(other => `${figure.id}: "${text}" and "${other.text}"`));
                });""");
        return touching.stream().map(String::valueOf).toList();
    }

    /** Errors and warnings since the last call. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }

    /** What was asked of a network since the last call: events whose address is neither a file's nor part of the page. */
    List<String> requests() {
        return driver.manage().logs().get(LogType.PERFORMANCE).getAll().stream()
                .map(LogEntry::getMessage)
                .filter(message -> message.contains("\"Network.requestWillBeSent\""))
                .filter(message -> message.matches("(?s).*\"url\":\"(?!file:|data:|blob:|about:)[^\"]*\".*"))
                .toList();
    }

    @Override
    public void close() {
        driver.quit();
    }
}
