package org.supvisors.rpc;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.apache.xmlrpc.XmlRpcException;
import org.apache.xmlrpc.XmlRpcRequest;
import org.apache.xmlrpc.client.XmlRpcClient;
import org.apache.xmlrpc.client.XmlRpcClientException;
import org.apache.xmlrpc.client.XmlRpcStreamTransport;
import org.apache.xmlrpc.common.XmlRpcHttpRequestConfig;
import org.apache.xmlrpc.common.XmlRpcStreamRequestConfig;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** Carries one call of the XML-RPC library. Compression is neither asked for nor understood. */
final class HttpTransport extends XmlRpcStreamTransport {

    private final HttpExchange exchange;
    private Duration timeout;
    private byte[] answer;

    HttpTransport(XmlRpcClient client, HttpExchange exchange) {
        super(client);
        this.exchange = exchange;
    }

    @Override
    public Object sendRequest(XmlRpcRequest request) throws XmlRpcException {
        timeout = Duration.ofMillis(((XmlRpcHttpRequestConfig) request.getConfig()).getReplyTimeout());
        return super.sendRequest(request);
    }

    @Override
    protected void writeRequest(ReqWriter writer) throws XmlRpcException, IOException, SAXException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        writer.write(body);
        answer = exchange.post(body.toByteArray(), timeout);
    }

    @Override
    protected InputStream getInputStream() {
        return new ByteArrayInputStream(answer);
    }

    /** The parsers of the library cast without looking: what they trip over is a malformed answer too. */
    @Override
    protected Object readResponse(XmlRpcStreamRequestConfig config, InputStream stream) throws XmlRpcException {
        try {
            return super.readResponse(config, stream);
        } catch (RuntimeException e) {
            throw new XmlRpcClientException("malformed answer: " + e.getMessage(), e);
        }
    }

    @Override
    protected XMLReader newXMLReader() throws XmlRpcException {
        return SafeXml.newReader();
    }

    @Override
    protected boolean isResponseGzipCompressed(XmlRpcStreamRequestConfig config) {
        return false;
    }

    @Override
    protected void close() {
        answer = null;
    }
}
