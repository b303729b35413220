package org.supvisors.rpc;

import javax.xml.XMLConstants;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.parsers.SAXParser;
import javax.xml.parsers.SAXParserFactory;
import org.apache.xmlrpc.XmlRpcException;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;
import org.xml.sax.helpers.DefaultHandler;

/** XML parsers that a hostile server cannot abuse: no DTD, hence no entity, and no endless nesting. */
final class SafeXml {

    /** A value inside a structure takes four elements: no answer of Supervisor or Supvisors comes near. */
    private static final String MAX_DEPTH = "400";
    private static final String DEPTH_PROPERTY = "http://www.oracle.com/xml/jaxp/properties/maxElementDepth";
    private static final String NO_DTD_FEATURE = "http://apache.org/xml/features/disallow-doctype-decl";

    private static final SAXParserFactory FACTORY = SAXParserFactory.newDefaultInstance();

    private SafeXml() {
    }

    static XMLReader newReader() throws XmlRpcException {
        try {
            SAXParser parser = newParser();
            parser.setProperty(DEPTH_PROPERTY, MAX_DEPTH);
            XMLReader reader = parser.getXMLReader();
            reader.setErrorHandler(new DefaultHandler());   // the default one writes to System.err
            return reader;
        } catch (ParserConfigurationException | SAXException e) {
            throw new XmlRpcException("no safe XML parser: " + e.getMessage(), e);
        }
    }

    private static SAXParser newParser() throws ParserConfigurationException, SAXException {
        synchronized (FACTORY) {
            FACTORY.setNamespaceAware(true);
            FACTORY.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            FACTORY.setFeature(NO_DTD_FEATURE, true);
            return FACTORY.newSAXParser();
        }
    }
}
