package dev.lockstep.distributed;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.Partition;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.rdd.RDD;
import org.apache.spark.status.api.v1.ExecutorSummary;
import scala.collection.Iterator;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag;

/**
 * Holdings with one place for each partition and no more partitions in a place than it has slots. Tasks that stay never
 * free a slot, so a second one that waits for its data's executor would wait in vain until Spark's locality wait is over.
 */
final class PlacedHoldings extends RDD<Holding> {
    private static final long serialVersionUID = 1;
    private static final ClassTag<Holding> TAG = ClassTag.apply(Holding.class);

    /** For each partition the name of its executor, or null. */
    private final String[] places;

    /** An executor, and how many partitions may still be placed there. */
    static final class Place {
        private final String host;
        private final String name;
        private int free;

        Place(String host, String id, int free) {
            this.host = host;
            this.name = "executor_" + host + "_" + id;
            this.free = free;
        }

        boolean is(String location) {
            return location.equals(name) || location.equals(host);
        }

        String take() {
            free--;
            return name;
        }
    }

    private PlacedHoldings(RDD<Holding> holdings, String[] places) {
        super(holdings, TAG);
        this.places = places;
    }

    /** Places partitions where Spark has their data, and what does not fit there where there is room. */
    static JavaRDD<Holding> of(JavaRDD<Holding> holdings) {
        SparkContext spark = holdings.rdd().context();
        int coresPerTask = spark.conf().getInt("spark.task.cpus", 1);
        List<Place> all = new ArrayList<>();
        for (ExecutorSummary each :
                CollectionConverters.asJava(spark.statusStore().executorList(true))) {
            String host = each.hostPort().replaceFirst(":\\d+$", "");
            all.add(new Place(host, each.id(), each.totalCores() / coresPerTask));
        }
        List<List<String>> wishes = new ArrayList<>();
        for (int i = 0; i < holdings.getNumPartitions(); i++) {
            wishes.add(CollectionConverters.asJava(spark.getPreferredLocs(holdings.rdd(), i)).stream()
                    .map(Object::toString)
                    .toList());
        }
        return new JavaRDD<>(new PlacedHoldings(holdings.rdd(), places(wishes, all)), TAG);
    }

    /**
     * Shares partitions out.
     *
     * @param wishes for each partition the names of executors, or of hosts, that have its data
     * @param executors that are there
     * @return for each partition the name of its executor; null where no slot is left
     */
    static String[] places(List<List<String>> wishes, List<Place> executors) {
        String[] places = wishes.stream()
                .map(names -> names.stream()
                        .flatMap(name -> executors.stream().filter(place -> place.free > 0 && place.is(name)))
                        .findFirst()
                        .map(Place::take)
                        .orElse(null))
                .toArray(String[]::new);
        for (int i = 0; i < places.length; i++) {
            if (places[i] == null) {
                places[i] = executors.stream()
                        .filter(place -> place.free > 0)
                        .max(Comparator.comparingInt(place -> place.free))
                        .map(Place::take)
                        .orElse(null);
            }
        }
        return places;
    }

    @Override
    public Iterator<Holding> compute(Partition split, TaskContext context) {
        return firstParent(TAG).iterator(split, context);
    }

    @Override
    public Partition[] getPartitions() {
        return firstParent(TAG).partitions();
    }

    @Override
    public Seq<String> getPreferredLocations(Partition split) {
        String place = places[split.index()];
        return CollectionConverters.asScala(place == null ? List.<String>of() : List.of(place))
                .toList();
    }
}
