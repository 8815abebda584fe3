/* What may be set for our three blocks in the editor. What they show is drawn by PHP; stars and reviews need
   the shop's page around them, so the editor shows a sign where they will stand. */
(function (blocks, element, editor, components, i18n, ServerSideRender) {
  "use strict";
  var el = element.createElement;
  var __ = i18n.__;

  function text(props, name, label, help) {
    return el(components.TextControl, {
      key: name,
      label: label,
      help: help,
      value: props.attributes[name],
      onChange: function (value) {
        var set = {};
        set[name] = value;
        props.setAttributes(set);
      },
      __nextHasNoMarginBottom: true,
      __next40pxDefaultSize: true,
    });
  }

  function onOff(props, name, label) {
    return el(components.ToggleControl, {
      key: name,
      label: label,
      checked: props.attributes[name],
      onChange: function (value) {
        var set = {};
        set[name] = value;
        props.setAttributes(set);
      },
      __nextHasNoMarginBottom: true,
    });
  }

  function product(props) {
    return el(components.TextControl, {
      key: "product",
      type: "number",
      min: 0,
      label: __("Product (ID)", "doorstep"),
      help: __("Empty: the product that the page is about.", "doorstep"),
      value: props.attributes.product || "",
      onChange: function (value) {
        props.setAttributes({ product: Math.max(0, parseInt(value, 10) || 0) });
      },
      __nextHasNoMarginBottom: true,
      __next40pxDefaultSize: true,
    });
  }

  function block(name, title, description, icon, settings, shown) {
    blocks.registerBlockType("doorstep/" + name, {
      apiVersion: 3,
      title: title,
      description: description,
      category: "widgets",
      icon: icon,
      edit: function (props) {
        var panel = el(components.PanelBody, { title: __("Settings", "doorstep") }, settings(props));
        return el(
          "div",
          editor.useBlockProps(),
          el(editor.InspectorControls, { key: "settings" }, panel),
          el(components.Disabled, { key: "shown" }, shown(props)),
        );
      },
      save: function () {
        return null;
      },
    });
  }

  function sign(title, icon, words) {
    return function () {
      return el(components.Placeholder, { label: title, icon: icon, instructions: words });
    };
  }

  var own = __("Empty: our own words.", "doorstep");
  var tracking = __("Find my order", "doorstep");
  var reviews = __("Product reviews", "doorstep");
  var stars = __("Product stars", "doorstep");

  block(
    "tracking",
    tracking,
    __("A form that shows a customer where an order is.", "doorstep"),
    "location-alt",
    function (props) {
      return [
        text(props, "heading", __("Heading", "doorstep"), own),
        text(props, "text", __("Text", "doorstep"), own),
        onOff(props, "prefill", __("Fill in for customers who are logged in", "doorstep")),
      ];
    },
    function (props) {
      return el(ServerSideRender, {
        block: "doorstep/tracking",
        attributes: props.attributes,
        skipBlockSupportAttributes: true,
      });
    },
  );
  block(
    "reviews",
    reviews,
    __("What buyers wrote about a product.", "doorstep"),
    "format-chat",
    function (props) {
      return [product(props), onOff(props, "how", __("Say how a review is written", "doorstep"))];
    },
    sign(reviews, "format-chat", __("The reviews of the product appear here in the shop.", "doorstep")),
  );
  block(
    "stars",
    stars,
    __("The average of a product's reviews.", "doorstep"),
    "star-filled",
    function (props) {
      return [product(props)];
    },
    sign(stars, "star-filled", __("The stars of the product appear here in the shop.", "doorstep")),
  );
})(wp.blocks, wp.element, wp.blockEditor, wp.components, wp.i18n, wp.serverSideRender);
