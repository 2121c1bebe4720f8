package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.ConfigFactory;
import dev.lockstep.Settings;
import dev.lockstep.observe.Json;
import dev.lockstep.train.StopRules;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RunPageTest {
    @Test
    void learning_rate_and_stop_are_said_in_the_words_of_the_configuration() throws IOException {
        ObjectNode asked = asked("{\"learning-rate\": 0.005108, \"stop\": {\"passes\": 40, \"target-loss\": 1e-8}}");
        assertThat(asked.path("learningRate").asText()).isEqualTo("0.005108");
        assertThat(asked.path("stop").asText()).isEqualTo("passes 40, target loss 1e-8");
        ObjectNode scheduled = asked(
                "{\"learning-rate\": {\"initial\": 0.1, \"schedule\": \"multi-step\", \"milestones\": [30, 60]}}");
        assertThat(scheduled.path("learningRate").asText()).isEqualTo("multi-step, initial 0.1, milestones [30,60]");
        assertThat(scheduled.path("stop").asText()).isEqualTo("epochs 20");
        assertThat(asked("{}").has("learningRate")).isFalse();
    }

    private static ObjectNode asked(String configuration) throws IOException {
        ObjectNode asked = Json.object();
        StopRules rules = StopRules.read(Settings.of(ConfigFactory.empty()));
        RunPage.putRules(asked, Json.MAPPER.readTree(configuration), rules);
        return asked;
    }
}
