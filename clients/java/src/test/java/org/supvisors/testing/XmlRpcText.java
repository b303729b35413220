package org.supvisors.testing;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/** XML-RPC as text, written and read without the library under test. */
public final class XmlRpcText {

    private XmlRpcText() {
    }

    public static String answer(Object value) {
        return "<?xml version='1.0'?><methodResponse><params><param>" + value(value) + "</param></params></methodResponse>";
    }

    public static String fault(int code, String text) {
        Map<String, Object> fault = new HashMap<>();
        fault.put("faultCode", code);
        fault.put("faultString", text);
        return "<?xml version='1.0'?><methodResponse><fault>" + value(fault) + "</fault></methodResponse>";
    }

    public static String value(Object value) {
        return "<value>" + typed(value) + "</value>";
    }

    private static String typed(Object value) {
        if (value instanceof Integer) {
            return "<int>" + value + "</int>";
        }
        if (value instanceof Double) {
            return "<double>" + value + "</double>";
        }
        if (value instanceof Boolean) {
            return "<boolean>" + (((Boolean) value) ? 1 : 0) + "</boolean>";
        }
        if (value instanceof Map) {
            StringBuilder text = new StringBuilder("<struct>");
            ((Map<?, ?>) value).forEach((name, item) ->
                    text.append("<member><name>").append(escaped(name)).append("</name>").append(value(item)).append("</member>"));
            return text.append("</struct>").toString();
        }
        if (value instanceof List || value instanceof Object[]) {
            List<?> items = value instanceof List ? (List<?>) value : List.of((Object[]) value);
            StringBuilder text = new StringBuilder("<array><data>");
            items.forEach(item -> text.append(value(item)));
            return text.append("</data></array>").toString();
        }
        return "<string>" + escaped(value) + "</string>";
    }

    private static String escaped(Object value) {
        return value.toString().replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    /** The name of the method, then the parameters: arrays as lists. */
    static List<Object> request(String body) throws Exception {
        Element call = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(body))).getDocumentElement();
        List<Object> request = new ArrayList<>();
        request.add(child(call, "methodName").getTextContent());
        for (Element param : children(child(call, "params"))) {
            request.add(read(child(param, "value")));
        }
        return request;
    }

    private static Object read(Element value) {
        if (children(value).isEmpty()) {
            return value.getTextContent();
        }
        Element typed = children(value).get(0);
        String text = typed.getTextContent();
        switch (typed.getTagName()) {
            case "int":
            case "i4":
                return Integer.valueOf(text);
            case "double":
                return Double.valueOf(text);
            case "boolean":
                return "1".equals(text);
            case "array":
                List<Object> items = new ArrayList<>();
                children(child(typed, "data")).forEach(item -> items.add(read(item)));
                return items;
            case "struct":
                Map<String, Object> struct = new HashMap<>();
                children(typed).forEach(member ->
                        struct.put(child(member, "name").getTextContent(), read(child(member, "value"))));
                return struct;
            case "string":
                return text;
            default:
                throw new IllegalArgumentException("not a type of XML-RPC: " + typed.getTagName());
        }
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream().filter(child -> child.getTagName().equals(name)).findFirst().orElseThrow();
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element) {
                children.add((Element) node);
            }
        }
        return children;
    }
}
