<?php
/**
 * What Doorstep answered, before a visitor gets it: pages of Doorstep, data under their own content type and
 * redirects. Whatever else comes (a host's error page, a login of some network) is not shown.
 *
 * @package Doorstep
 */

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

const FRAGMENT = 'x-doorstep-fragment';
const KEPT     = array( 'content-type', 'cache-control', 'etag', 'last-modified', 'location', 'referrer-policy', 'retry-after', 'x-robots-tag', 'allow', FRAGMENT );
// What a browser shows or reads, and never runs.
const HARMLESS = array( 'application/json', 'text/plain', 'image/gif', 'image/jpeg', 'image/png', 'image/webp' );

/**
 * @param array $got As wp_remote_request gives it.
 * @return array As ask_doorstep gives it.
 */
function checked_answer( array $got ) {
	$status  = (int) wp_remote_retrieve_response_code( $got );
	$body    = (string) wp_remote_retrieve_body( $got );
	$headers = kept_headers( $got );
	if ( strlen( $body ) > LARGEST_ANSWER ) {
		return problem( 502 );
	}
	if ( $status >= 300 && $status < 400 ) {
		return redirect_or_problem( $status, $headers );
	}
	$kind = kind_of( $headers );
	if ( 'text/html' === $kind && isset( $headers[ FRAGMENT ] ) && '1' === $headers[ FRAGMENT ] ) {
		return array(
			'status'  => $status,
			'headers' => $headers,
			'body'    => relinked( $body ),
			'words'   => '',
		);
	}
	unset( $headers[ FRAGMENT ] );
	$words_of_host = 'text/plain' === $kind && $status >= 500;
	if ( ( in_array( $kind, HARMLESS, true ) && ! $words_of_host ) || ( 204 === $status && '' === $body ) ) {
		return array(
			'status'  => $status,
			'headers' => $headers,
			'body'    => $body,
			'words'   => '',
		);
	}
	$told = $status >= 400 && $status < 500 && ! in_array( $status, array( 401, 403 ), true );
	return problem( $told || 503 === $status ? $status : 502 );
}

/** It is not followed. One without an address, or to something that is no page, helps nobody. */
function redirect_or_problem( $status, array $headers ) {
	$location = isset( $headers['location'] ) ? wp_sanitize_redirect( relinked_address( $headers['location'] ) ) : '';
	if ( 304 !== $status && ! preg_match( '~^(https?://|/(?![/\\\\]))~i', $location ) ) {
		return problem( 502 );
	}
	$headers['location'] = $location;
	unset( $headers['content-type'], $headers[ FRAGMENT ] );
	return array(
		'status'  => $status,
		'headers' => array_filter( $headers, 'strlen' ),
		'body'    => '',
		'words'   => '',
	);
}

/** A short page of our own, in the theme. */
function problem( $status, array $headers = array() ) {
	return array(
		'status'  => $status,
		'headers' => $headers + array( 'cache-control' => 'no-store' ),
		'body'    => '',
		'words'   => problem_words( $status ),
	);
}

/** A script gets no page of the theme. */
function problem_as_data( array $answer ) {
	if ( '' === $answer['words'] ) {
		return $answer;
	}
	$answer['headers']['content-type'] = 'application/json';
	$answer['body']                    = wp_json_encode( array( 'error' => $answer['words'] ) );
	$answer['words']                   = '';
	return $answer;
}

function problem_words( $status ) {
	if ( 404 === $status || 410 === $status ) {
		return __( 'There is no such page here. The link may be old or not complete.', 'doorstep' );
	}
	if ( 413 === $status ) {
		return __( 'That is more than this page takes.', 'doorstep' );
	}
	if ( $status >= 500 ) {
		return __( 'This page does not answer just now. Please try again in a few minutes.', 'doorstep' );
	}
	return __( 'This page cannot be used in that way.', 'doorstep' );
}

/** @return string[] Names in small letters. Of a header that comes twice the last one counts. */
function kept_headers( array $got ) {
	$headers = array();
	foreach ( KEPT as $name ) {
		$value = wp_remote_retrieve_header( $got, $name );
		$value = is_array( $value ) ? end( $value ) : $value;
		$value = preg_replace( '/[\x00-\x1F\x7F]/', '', (string) $value );
		if ( '' !== $value ) {
			$headers[ $name ] = $value;
		}
	}
	return $headers;
}

/** The content type without its charset. */
function kind_of( array $headers ) {
	return strtolower( trim( explode( ';', isset( $headers['content-type'] ) ? $headers['content-type'] : '', 2 )[0] ) );
}

function is_for_theme( array $answer ) {
	return '' !== $answer['words'] || isset( $answer['headers'][ FRAGMENT ] );
}

/** What is shown to one visitor must not be kept for the next. */
function keep_from_caches() {
	if ( ! defined( 'DONOTCACHEPAGE' ) ) {
		// phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedConstantFound -- the name that page caches look for.
		define( 'DONOTCACHEPAGE', true );
	}
}

/** Of a page in the theme the content type is WordPress's own. Nothing of this may be kept by a page cache. */
function send_headers_of( array $answer ) {
	keep_from_caches();
	nocache_headers();
	status_header( $answer['status'] );
	$headers = $answer['headers'];
	if ( is_for_theme( $answer ) ) {
		unset( $headers['content-type'], $headers['etag'], $headers['last-modified'] );
	}
	unset( $headers[ FRAGMENT ] );
	if ( isset( $headers['cache-control'] ) ) {
		header_remove( 'Expires' );
	}
	foreach ( $headers as $name => $value ) {
		header( ucwords( $name, '-' ) . ': ' . $value );
	}
	header( 'X-Content-Type-Options: nosniff' );
}
