package dev.lockstep.distributed;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.apache.spark.SecurityManager;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import org.apache.spark.rpc.RpcTimeout;
import org.apache.spark.rpc.ThreadSafeRpcEndpoint;
import org.apache.spark.util.RpcUtils;
import scala.PartialFunction;
import scala.concurrent.Await;
import scala.concurrent.Future;
import scala.reflect.ClassTag;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/**
 * The exchange over Spark's own RPC: connections that exist already, with the application's authentication and encryption.
 *
 * <p>These classes are internal to Spark; this is the only place that knows them. Where they are missing or have changed,
 * {@link #open} fails with a {@link LinkageError} or an exception, and the run goes on with jobs.
 */
final class RpcExchange implements Exchange {
    private final String name;
    private final RpcEnv environment;
    private final RpcEndpointRef reference;
    private final RpcTimeout timeout;

    private RpcExchange(String name, RpcEnv environment, RpcEndpointRef reference, RpcTimeout timeout) {
        this.name = name;
        this.environment = environment;
        this.reference = reference;
        this.timeout = timeout;
    }

    /** Opens the driver's end under a name that is unique in the application. */
    static Exchange open(String name, Listener listener) {
        SparkEnv spark = SparkEnv.get();
        RpcEndpointRef reference = spark.rpcEnv().setupEndpoint(name, new Endpoint(spark.rpcEnv(), listener));
        return new RpcExchange(name, spark.rpcEnv(), reference, RpcUtils.askRpcTimeout(spark.conf()));
    }

    /** Whether the application authenticates or encrypts what its processes say to each other. */
    static boolean isGuarded() {
        SecurityManager guard = SparkEnv.get().securityManager();
        return guard.isAuthenticationEnabled() || guard.isEncryptionEnabled() || guard.isSslRpcEnabled();
    }

    /** A task's line to the driver that opened this name. */
    static Line connect(Address address) {
        SparkEnv spark = SparkEnv.get();
        SparkConf conf = spark.conf();
        RpcEndpointRef driver = RpcUtils.makeDriverRef(address.name(), conf, spark.rpcEnv());
        RpcTimeout timeout = RpcUtils.askRpcTimeout(conf);
        return call -> ask(driver, Wire.encode(call), timeout);
    }

    private static Message.Reply ask(RpcEndpointRef driver, byte[] message, RpcTimeout timeout)
            throws IOException, InterruptedException {
        Future<byte[]> reply = driver.ask(message, timeout, ClassTag.apply(byte[].class));
        try {
            return (Message.Reply) Wire.decode(Await.result(reply, timeout.duration()));
        } catch (TimeoutException e) {
            throw new IOException("the driver did not reply within " + timeout.duration(), e);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the driver cannot be reached: " + e, e);
        }
    }

    @Override
    public Address address() {
        return new Address(name, null);
    }

    @Override
    public long patienceNanos() {
        return timeout.duration().toNanos();
    }

    @Override
    public void close() {
        environment.stop(reference);
    }

    /** The driver's end, as Spark's dispatcher sees it. */
    private static final class Endpoint implements ThreadSafeRpcEndpoint {
        private final RpcEnv environment;
        private final Listener listener;
        /** The last work of each shift. */
        private final Map<Integer, Encoded> last = new HashMap<>();

        private record Encoded(Message.Reply reply, byte[] bytes) {}

        Endpoint(RpcEnv environment, Listener listener) {
            this.environment = environment;
            this.listener = listener;
        }

        @Override
        public RpcEnv rpcEnv() {
            return environment;
        }

        /** Work goes to every executor, and is turned into bytes once. */
        private synchronized byte[] encoded(Message.Reply reply) {
            if (!(reply instanceof Message.Work work)) {
                return Wire.encode(reply);
            }
            Encoded known = last.get(work.shift());
            if (known == null || known.reply() != reply) {
                known = new Encoded(reply, Wire.encode(reply));
                last.put(work.shift(), known);
            }
            return known.bytes();
        }

        @Override
        public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext context) {
            return new AbstractPartialFunction<>() {
                @Override
                public boolean isDefinedAt(Object message) {
                    return message instanceof byte[];
                }

                @Override
                public BoxedUnit apply(Object message) {
                    Message.Call call = (Message.Call) Wire.decode((byte[]) message);
                    listener.asked(call, reply -> context.reply(encoded(reply)));
                    return BoxedUnit.UNIT;
                }
            };
        }
    }
}
