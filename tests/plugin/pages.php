<?php
/** Reads the pages that the plugin prints. They are simple: no element stands inside another of its name but `div`. */

/**
 * The elements of that name, in order: each its attributes as a browser has them, and its `text`.
 *
 * @param string $class Only those of this class.
 */
function elements( $page, $name, $class = '' ) {
	preg_match_all( "#<$name(?<tag>(?:\s+[a-zA-Z-]+(?:=\"[^\"]*\")?)*)\s*/?>(?:(?<inside>(?:(?!<$name\b).)*?)</$name>)?#s", $page, $ones, PREG_SET_ORDER );
	$found = array();
	foreach ( $ones as $one ) {
		preg_match_all( '/([a-zA-Z-]+)(?:="([^"]*)")?/', $one['tag'], $pairs, PREG_SET_ORDER );
		$element = array();
		foreach ( $pairs as $pair ) {
			$element[ $pair[1] ] = html_entity_decode( $pair[2] ?? '', ENT_QUOTES | ENT_HTML5 );
		}
		$element['text'] = trim( html_entity_decode( strip_tags( $one['inside'] ?? '' ), ENT_QUOTES | ENT_HTML5 ) );
		if ( '' === $class || in_array( $class, explode( ' ', $element['class'] ?? '' ), true ) ) {
			$found[] = $element;
		}
	}
	return $found;
}

/** The attribute, or the text, of each. */
function values( $page, $name, $what = 'text', $class = '' ) {
	return array_column( elements( $page, $name, $class ), $what );
}
