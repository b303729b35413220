package org.supvisors.rpc;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.ws.commons.util.NamespaceContextImpl;
import org.apache.xmlrpc.common.TypeFactory;
import org.apache.xmlrpc.common.TypeFactoryImpl;
import org.apache.xmlrpc.common.XmlRpcController;
import org.apache.xmlrpc.common.XmlRpcStreamConfig;
import org.apache.xmlrpc.parser.RecursiveTypeParserImpl;
import org.apache.xmlrpc.parser.TypeParser;
import org.xml.sax.Attributes;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Parses a struct into a map that keeps the order of the server, which the parser of the library does not. */
final class OrderedStructParser extends RecursiveTypeParserImpl {

    private final Map<String, Object> members = new LinkedHashMap<>();
    private StringBuilder name;
    private boolean inName;
    private int depth;

    OrderedStructParser(XmlRpcStreamConfig config, NamespaceContextImpl context, TypeFactory factory) {
        super(config, context, factory);
    }

    @Override
    public void startElement(String uri, String localName, String qName, Attributes attributes) throws SAXException {
        switch (depth++) {
            case 0:
                expect("struct", localName);
                break;
            case 1:
                expect("member", localName);
                name = null;
                break;
            case 2:
                startPart(localName);
                break;
            default:
                super.startElement(uri, localName, qName, attributes);
        }
    }

    @Override
    public void endElement(String uri, String localName, String qName) throws SAXException {
        switch (--depth) {
            case 0:
                setResult(members);
                break;
            case 1:
                break;
            case 2:
                endPart();
                break;
            default:
                super.endElement(uri, localName, qName);
        }
    }

    @Override
    public void characters(char[] chars, int start, int length) throws SAXException {
        if (inName) {
            name.append(chars, start, length);
        } else {
            super.characters(chars, start, length);
        }
    }

    @Override
    protected void addResult(Object value) throws SAXException {
        if (name == null) {
            throw new SAXParseException("a member of a struct has no name", getDocumentLocator());
        }
        members.put(name.toString(), value);
    }

    private void startPart(String localName) throws SAXException {
        inName = "name".equals(localName);
        if (inName) {
            name = new StringBuilder();
        } else {
            expect("value", localName);
            startValueTag();
        }
    }

    private void endPart() throws SAXException {
        if (inName) {
            inName = false;
        } else {
            endValueTag();
        }
    }

    private void expect(String expected, String found) throws SAXException {
        if (!expected.equals(found)) {
            throw new SAXParseException("expected " + expected + ", found " + found, getDocumentLocator());
        }
    }

    /** The types of the library, but for structs. */
    static final class Factory extends TypeFactoryImpl {

        Factory(XmlRpcController controller) {
            super(controller);
        }

        @Override
        public TypeParser getParser(XmlRpcStreamConfig config, NamespaceContextImpl context, String uri, String localName) {
            boolean struct = uri.isEmpty() && "struct".equals(localName);
            return struct ? new OrderedStructParser(config, context, this) : super.getParser(config, context, uri, localName);
        }
    }
}
