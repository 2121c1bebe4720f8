package dev.lockstep.distributed;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * One generation of resident tasks as the driver knows it: who holds which part of the data, who has reported, who waits
 * for a reply. Knows no Spark, only messages; a lost member ends it, and it never starts again.
 *
 * <p>The first task to say hello for a part owns it. Every other copy is kept waiting until the end: if it left, Spark
 * would count the part as done and kill the owner. A report counts once. All methods may be called from any thread.
 */
final class Generation {
    /** How long an executor may be silent; it beats every two seconds. */
    static final long LEASE_NANOS = 15_000_000_000L;

    /** How long the driver waits without letting go of its processor. */
    private static final long SPIN_NANOS = 300_000;

    private final String run;
    private final int number;
    private final int partitions;
    private final Consumer<Message.Hello> greeted;
    private final Map<Integer, Long> owners = new HashMap<>();
    private final Map<String, Member> members = new LinkedHashMap<>();
    private final List<Copy> copies = new ArrayList<>();
    private boolean running;
    private volatile String ended;
    private long works;
    /** Then tasks go on with the next shift's work, and the driver's threads have steps to take. */
    private boolean severalShifts;

    /** What is at work, the oldest first: one list of questions of each shift at the most. */
    private final List<Pending> pending = new ArrayList<>();

    /** An executor with the tasks of this generation that live on it. */
    private static final class Member {
        private final List<Exchange.ReplyTo> hellos = new ArrayList<>();
        private Exchange.ReplyTo waiting;
        private long waitingSince;
        private long lastHeard;
        private long reported;
    }

    /** Work whose reports come in. */
    private static final class Pending {
        private final Message.Work work;
        private final List<List<Partial>> parts = new ArrayList<>();
        private final List<Taken> taken = new ArrayList<>();
        private final AtomicInteger missing;
        /** When the last executor got it: some may have been at other work before. */
        private long begun;

        Pending(Message.Work work, int members) {
            this.work = work;
            this.missing = new AtomicInteger(members);
            work.questions().forEach(question -> parts.add(new ArrayList<>()));
        }
    }

    /** A second attempt at a part, as speculation makes them. */
    private record Copy(Exchange.ReplyTo replyTo, long since) {}

    /**
     * What came back for one list of questions.
     *
     * @param parts for each question sums of nodes, which make up the whole tree
     * @param taken time of each task
     * @param members number of executors
     * @param begun when the last of them was given the questions, by {@link System#nanoTime}
     */
    record Reports(List<List<Partial>> parts, List<Taken> taken, int members, long begun) {}

    /**
     * @param run and
     * @param number name it in messages
     * @param partitions how many tasks there will be
     * @param greeted is told of every task that is taken in; may throw, which ends the generation
     */
    Generation(String run, int number, int partitions, Consumer<Message.Hello> greeted) {
        this.run = run;
        this.number = number;
        this.partitions = partitions;
        this.greeted = greeted;
    }

    /** A task has asked something. */
    void asked(Message.Call call, Exchange.ReplyTo replyTo, long now) {
        Runnable replies;
        synchronized (this) {
            replies = !call.run().equals(run) || call.generation() != number || ended != null
                    ? () -> replyTo.send(new Message.Leave(ended == null ? "another generation is at work" : ended))
                    : take(call, replyTo, now);
        }
        replies.run();
    }

    /** What is to be sent once the lock is free. */
    private Runnable take(Message.Call call, Exchange.ReplyTo replyTo, long now) {
        if (call instanceof Message.Hello hello) {
            return greet(hello, replyTo, now);
        }
        Member member = members.get(call.executor());
        if (member == null || !running) {
            return () -> replyTo.send(new Message.Leave("this executor has no part in the run"));
        }
        member.lastHeard = now;
        if (!(call instanceof Message.Report report)) {
            return () -> replyTo.send(new Message.Again());
        }
        for (Pending one : pending) {
            if (report.parts() != null && report.step() == one.work.step() && member.reported < report.step()) {
                count(report, one, member);
            }
        }
        for (Pending one : pending) {
            if (member.reported < one.work.step()) {
                one.begun = Math.max(one.begun, now);
                return () -> replyTo.send(one.work);
            }
        }
        member.waiting = replyTo;
        member.waitingSince = now;
        return () -> {};
    }

    private void count(Message.Report report, Pending one, Member member) {
        member.reported = report.step();
        for (int i = 0; i < one.parts.size(); i++) {
            one.parts.get(i).addAll(report.parts().get(i));
        }
        one.taken.addAll(report.taken());
        if (one.missing.decrementAndGet() == 0) {
            notifyAll();
        }
    }

    private Runnable greet(Message.Hello hello, Exchange.ReplyTo replyTo, long now) {
        Long owner = owners.putIfAbsent(hello.partition(), hello.attempt());
        if (owner != null && owner != hello.attempt()) {
            copies.add(new Copy(replyTo, now));
            return () -> {};
        }
        if (running) {
            return () -> replyTo.send(new Message.Leave("this task has said hello before"));
        }
        try {
            greeted.accept(hello);
        } catch (RuntimeException e) {
            Runnable leave = endNow(String.valueOf(e.getMessage()));
            return () -> {
                replyTo.send(new Message.Leave("refused"));
                leave.run();
            };
        }
        Member member = members.computeIfAbsent(hello.executor(), executor -> new Member());
        member.hellos.add(replyTo);
        member.lastHeard = now;
        if (owners.size() < partitions) {
            return () -> {};
        }
        running = true;
        List<Runnable> welcomes = new ArrayList<>();
        for (Member each : members.values()) {
            each.lastHeard = now;
            for (int i = 0; i < each.hellos.size(); i++) {
                Exchange.ReplyTo to = each.hellos.get(i);
                Message.Welcome welcome = new Message.Welcome(each.hellos.size(), i == 0);
                welcomes.add(() -> to.send(welcome));
            }
            each.hellos.clear();
        }
        notifyAll();
        return () -> welcomes.forEach(Runnable::run);
    }

    /** Waits until all tasks have said hello. */
    synchronized boolean awaitAll(long nanos) throws InterruptedException {
        long deadline = System.nanoTime() + nanos;
        while (!running && ended == null) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return running && ended == null;
    }

    /**
     * Puts questions to all tasks and waits for their answers. An executor that is at work for another shift goes on with these
     * as soon as it has reported.
     *
     * @param shift nobody else may be waiting for an answer of this one
     * @return null if the generation ended meanwhile
     */
    Reports exchange(int shift, List<Question> questions) throws InterruptedException {
        List<Exchange.ReplyTo> waiting = new ArrayList<>();
        Pending one;
        boolean alone;
        synchronized (this) {
            severalShifts |= shift > 0;
            alone = !severalShifts;
            one = new Pending(new Message.Work(++works, shift, questions), members.size());
            pending.add(one);
            for (Member member : members.values()) {
                if (member.waiting != null) {
                    waiting.add(member.waiting);
                    member.waiting = null;
                    one.begun = System.nanoTime();
                }
            }
        }
        boolean here = false;
        for (int i = 0; i < waiting.size(); i++) {
            if (alone && i == waiting.size() - 1) {
                here = waiting.get(i).doOrSend(one.work);
            } else {
                waiting.get(i).send(one.work);
            }
        }
        // Who has done a share himself need not wait for long: the others began before him.
        long spinning = System.nanoTime();
        while (here && one.missing.get() > 0 && ended == null && System.nanoTime() - spinning < SPIN_NANOS) {
            Thread.onSpinWait();
        }
        synchronized (this) {
            try {
                while (one.missing.get() > 0 && ended == null) {
                    wait();
                }
            } finally {
                pending.remove(one);
            }
            return ended == null ? new Reports(one.parts, one.taken, members.size(), one.begun) : null;
        }
    }

    /** Ends it, once: whoever waits is told to leave. */
    void end(String reason) {
        Runnable leave;
        synchronized (this) {
            leave = endNow(reason);
        }
        leave.run();
    }

    private Runnable endNow(String reason) {
        if (ended != null) {
            return () -> {};
        }
        ended = reason;
        notifyAll();
        List<Exchange.ReplyTo> waiting = new ArrayList<>();
        copies.forEach(copy -> waiting.add(copy.replyTo()));
        copies.clear();
        for (Member member : members.values()) {
            waiting.addAll(member.hellos);
            member.hellos.clear();
            if (member.waiting != null) {
                waiting.add(member.waiting);
                member.waiting = null;
            }
        }
        return () -> waiting.forEach(replyTo -> replyTo.send(new Message.Leave(reason)));
    }

    /**
     * Looks after time: an executor that was silent for too long ends the generation, and who has waited for long is told
     * to ask again.
     *
     * @param patience how long a question may wait for its reply
     */
    void tick(long now, long patience) {
        List<Exchange.ReplyTo> again = new ArrayList<>();
        String expired = null;
        synchronized (this) {
            if (!running || ended != null) {
                return;
            }
            for (Map.Entry<String, Member> entry : members.entrySet()) {
                Member member = entry.getValue();
                if (now - member.lastHeard > LEASE_NANOS) {
                    expired = "executor " + entry.getKey() + " was not heard of for " + LEASE_NANOS / 1_000_000_000
                            + " seconds";
                }
                if (member.waiting != null && now - member.waitingSince > patience) {
                    again.add(member.waiting);
                    member.waiting = null;
                }
            }
            copies.removeIf(copy -> now - copy.since() > patience && again.add(copy.replyTo()));
        }
        again.forEach(replyTo -> replyTo.send(new Message.Again()));
        if (expired != null) {
            end(expired);
        }
    }

    /** Ends it if a member lived there. */
    void lost(String executor, String reason) {
        boolean ours;
        synchronized (this) {
            ours = members.containsKey(executor);
        }
        if (ours) {
            end("executor " + executor + " was lost: " + reason);
        }
    }

    /** Ends it if the task had a part, or may have been about to say hello. */
    void failed(long attempt, String reason) {
        boolean ours;
        synchronized (this) {
            ours = !running || owners.containsValue(attempt);
        }
        if (ours) {
            end("a task failed: " + reason);
        }
    }

    /** Why it ended, or null. */
    synchronized String ended() {
        return ended;
    }

    int number() {
        return number;
    }

    int partitions() {
        return partitions;
    }
}
