package dev.lockstep.cli;

import dev.lockstep.InputException;
import dev.lockstep.Version;
import java.util.Set;

/**
 * What the project runs on, looked at before anything starts: a version that does not fit is named, not guessed from
 * what it breaks.
 */
final class Platform {
    private static final Set<Integer> JAVA = Set.of(17, 21);
    private static final String SCALA = "2.13";

    private Platform() {}

    /** Looks at the Java, the Spark and the Scala of this JVM. */
    static void check() {
        String sparkVersion;
        String scalaVersion;
        try {
            sparkVersion = org.apache.spark.package$.MODULE$.SPARK_VERSION();
            scalaVersion = scala.util.Properties.versionNumberString();
        } catch (LinkageError e) {
            throw new InputException(
                    "no Spark on the class path; start with a command in jobs/, or with spark-submit --class "
                            + Main.class.getName(),
                    e);
        }
        check(Runtime.version().feature(), sparkVersion, scalaVersion);
    }

    /**
     * Looks at versions.
     *
     * @param java the feature release, such as 17
     * @param spark such as 4.1.0
     * @param scala such as 2.13.17
     * @throws InputException names the first that does not fit
     */
    static void check(int java, String spark, String scala) {
        if (!JAVA.contains(java)) {
            throw new InputException("this is Java " + java + ", expected 17 or 21; set JAVA_HOME to one of them");
        }
        String expected = line(Version.spark());
        if (!line(spark).equals(expected) || !line(scala).equals(SCALA)) {
            throw new InputException("this is Spark " + spark + " with Scala " + scala + ", expected Spark " + expected
                    + " with Scala " + SCALA + "; unset SPARK_HOME to use the Spark that the build brought, or let it "
                    + "name such an installation");
        }
    }

    /** The first two numbers of a version. */
    static String line(String version) {
        String[] numbers = version.split("\\.", -1);
        return numbers.length < 2 ? version : numbers[0] + "." + numbers[1];
    }
}
