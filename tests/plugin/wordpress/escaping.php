<?php
/** What goes in is cleaned, what goes out is escaped: as WordPress does it, as far as it can be seen. */

/** Entities that are there already stay as they are; nothing else of the text is kept raw. */
function esc_html( $text ) {
	return apply_filters( 'esc_html', escaped( $text ), $text );
}

function esc_attr( $text ) {
	return apply_filters( 'attribute_escape', escaped( $text ), $text );
}

function escaped( $text ) {
	$text = (string) $text;
	if ( ! mb_check_encoding( $text, 'UTF-8' ) ) {
		return '';
	}
	$text = preg_replace( '/&(?!(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9a-fA-F]{1,6});)/', '&amp;', $text );
	return strtr( $text, array( '<' => '&lt;', '>' => '&gt;', '"' => '&quot;', "'" => '&#039;' ) );
}

/** Here every ampersand is escaped again: what stands in the field is what was stored. */
function esc_textarea( $text ) {
	return htmlspecialchars( (string) $text, ENT_QUOTES, 'UTF-8' );
}

/** For a script in an attribute. */
function esc_js( $text ) {
	$text = str_replace( array( '&', '<', '>', '"' ), array( '&amp;', '&lt;', '&gt;', '&quot;' ), (string) $text );
	$text = str_replace( array( '\\', "'", "\r" ), array( '\\\\', "\\'", '' ), $text );
	return str_replace( "\n", '\\n', $text );
}

/** For a document: ampersands and quotes are entities; a scheme that is not one of the kept ones leaves nothing. */
function esc_url( $url, $protocols = null ) {
	return str_replace( array( '&amp;', '&', "'" ), array( '&', '&#038;', '&#039;' ), cleaned_url( $url, $protocols ) );
}

function esc_url_raw( $url, $protocols = null ) {
	return cleaned_url( $url, $protocols );
}

function sanitize_url( $url, $protocols = null ) {
	return cleaned_url( $url, $protocols );
}

function cleaned_url( $url, $protocols ) {
	$url = preg_replace( '|[^a-z0-9-~+_.?#=!&;,/:%@$\|*\'()\[\]\x80-\xff]|i', '', str_replace( ' ', '%20', ltrim( (string) $url ) ) );
	$url = str_replace( ';//', '://', preg_replace( '/%0[ad]/i', '', $url ) );
	if ( '' === $url ) {
		return '';
	}
	$bare = false === strpos( $url, ':' ) && ! in_array( $url[0], array( '/', '#', '?' ), true ) && ! preg_match( '/^[a-z0-9-]+?\.php/i', $url );
	$url  = $bare ? "http://$url" : $url;
	if ( '/' === $url[0] || ! preg_match( '/^([^\/?#]*?):/', html_entity_decode( $url, ENT_QUOTES ), $found ) ) {
		return $url;
	}
	$kept = $protocols ?? array( 'http', 'https', 'ftp', 'ftps', 'mailto', 'news', 'irc', 'feed', 'tel', 'fax', 'xmpp', 'webcal' );
	return in_array( strtolower( $found[1] ), $kept, true ) ? $url : '';
}

/** One line without tags, entities of percent signs and double spaces. */
function sanitize_text_field( $text ) {
	return cleaned_text( $text, false );
}

function sanitize_textarea_field( $text ) {
	return cleaned_text( $text, true );
}

function cleaned_text( $text, $lines ) {
	if ( is_array( $text ) || is_object( $text ) ) {
		return '';
	}
	$text = (string) $text;
	$text = mb_check_encoding( $text, 'UTF-8' ) ? $text : '';
	if ( false !== strpos( $text, '<' ) ) {
		$text = preg_replace_callback( '%<[^>]*?((?=<)|>|$)%', static fn( $one ) => '>' === substr( $one[0], -1 ) ? $one[0] : esc_html( $one[0] ), $text );
		$text = str_replace( "<\n", "&lt;\n", wp_strip_all_tags( $text, false ) );
	}
	if ( ! $lines ) {
		$text = preg_replace( '/[\r\n\t ]+/', ' ', $text );
	}
	$text  = trim( $text );
	$found = false;
	while ( preg_match( '/%[a-f0-9]{2}/i', $text, $one ) ) {
		$text  = str_replace( $one[0], '', $text );
		$found = true;
	}
	return $found ? trim( preg_replace( '/ +/', ' ', $text ) ) : $text;
}

function wp_strip_all_tags( $text, $breaks = false ) {
	$text = preg_replace( '@<(script|style)[^>]*?>.*?</\\1>@si', '', (string) $text );
	$text = strip_tags( $text );
	return trim( $breaks ? preg_replace( '/[\r\n\t ]+/', ' ', $text ) : $text );
}

function sanitize_key( $key ) {
	return is_scalar( $key ) ? preg_replace( '/[^a-z0-9_\-]/', '', strtolower( (string) $key ) ) : '';
}

function sanitize_html_class( $class, $fallback = '' ) {
	$clean = preg_replace( '/[^A-Za-z0-9_-]/', '', preg_replace( '|%[a-fA-F0-9][a-fA-F0-9]|', '', (string) $class ) );
	return '' === $clean ? $fallback : $clean;
}

function sanitize_title( $title ) {
	return trim( preg_replace( '/[^a-z0-9_]+/', '-', strtolower( strip_tags( (string) $title ) ) ), '-' );
}

function is_email( $email ) {
	return preg_match( '/^[a-z0-9!#$%&\'*+\/=?^_`{|}~.-]+@([a-z0-9-]+\.)+[a-z0-9-]+$/i', (string) $email ) && strlen( $email ) >= 6 ? $email : false;
}

function sanitize_email( $email ) {
	$clean = preg_replace( '/[^a-z0-9+_.@!#$%&\'*\/=?^`{|}~-]/i', '', (string) $email );
	return is_email( $clean ) ? $clean : '';
}

/** WordPress adds slashes to everything that a request brings; wp_unslash takes them off. */
function wp_slash( $value ) {
	return is_array( $value ) ? array_map( 'wp_slash', $value ) : ( is_string( $value ) ? addslashes( $value ) : $value );
}

function wp_unslash( $value ) {
	return is_array( $value ) ? array_map( 'wp_unslash', $value ) : ( is_string( $value ) ? stripslashes( $value ) : $value );
}

function absint( $number ) {
	return abs( (int) $number );
}

function wp_json_encode( $value, $options = 0, $depth = 512 ) {
	return json_encode( $value, $options, $depth );
}

/** The tags of a post, nothing that runs. */
function wp_kses_post( $text ) {
	$text = preg_replace( '@<(script|style|iframe|object|embed|form|svg)\b[^>]*>.*?</\\1>@si', '', (string) $text );
	$text = strip_tags( $text, '<a><p><br><strong><em><b><i><ul><ol><li><h1><h2><h3><h4><code><span><div><table><tr><td><th><tbody><thead><blockquote><img><hr><figure><figcaption>' );
	$text = preg_replace( '/\son[a-z]+\s*=\s*("[^"]*"|\'[^\']*\'|[^\s>]+)/i', '', $text );
	return preg_replace( '/(href|src)\s*=\s*(["\']?)\s*(javascript|data|vbscript):/i', '$1=$2', $text );
}

/** `$allowed`: tag => attribute => true. */
function wp_kses( $text, $allowed ) {
	if ( 'post' === $allowed ) {
		return wp_kses_post( $text );
	}
	return preg_replace_callback(
		'%<(/?)([a-z0-9]+)([^>]*)>|<%i',
		static function ( $found ) use ( $allowed ) {
			$tag = strtolower( $found[2] ?? '' );
			if ( '' === $tag || ! isset( $allowed[ $tag ] ) ) {
				return '' === $tag ? '&lt;' : '';
			}
			$kept = '';
			preg_match_all( '/([a-z-]+)\s*=\s*(?:"([^"]*)"|\'([^\']*)\')/i', $found[3], $ones, PREG_SET_ORDER );
			foreach ( $ones as $one ) {
				$value = '' !== $one[2] ? $one[2] : ( $one[3] ?? '' );
				if ( isset( $allowed[ $tag ][ strtolower( $one[1] ) ] ) && ! preg_match( '/^\s*(javascript|data|vbscript):/i', $value ) ) {
					$kept .= ' ' . $one[1] . '="' . $value . '"';
				}
			}
			return "<{$found[1]}$tag$kept>";
		},
		(string) $text
	);
}
