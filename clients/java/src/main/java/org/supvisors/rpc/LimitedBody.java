package org.supvisors.rpc;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;

/** Collects the body of an answer and gives up, closing the connection, when it grows too large. */
final class LimitedBody implements BodySubscriber<byte[]> {

    private final BodySubscriber<byte[]> collector = BodySubscribers.ofByteArray();
    private final long limit;
    private long size;
    private boolean tooLarge;
    private Subscription subscription;

    LimitedBody(long limit) {
        this.limit = limit;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
        return collector.getBody();
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        this.subscription = subscription;
        collector.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        if (tooLarge) {
            return;
        }
        size += buffers.stream().mapToLong(ByteBuffer::remaining).sum();
        tooLarge = size > limit;
        if (tooLarge) {
            subscription.cancel();
            collector.onError(new IOException("the answer is larger than " + limit + " bytes"));
        } else {
            collector.onNext(buffers);
        }
    }

    @Override
    public void onError(Throwable error) {
        if (!tooLarge) {
            collector.onError(error);
        }
    }

    @Override
    public void onComplete() {
        if (!tooLarge) {
            collector.onComplete();
        }
    }
}
