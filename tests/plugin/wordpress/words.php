<?php
/** Translations (none are loaded: every text is its own), numbers and times in words. Each text domain asked for is noted. */

$GLOBALS['wordpress_domains'] = array();

function translate( $text, $domain = 'default' ) {
	$GLOBALS['wordpress_domains'][ $domain ] = true;
	return apply_filters( 'gettext', $text, $text, $domain );
}

function __( $text, $domain = 'default' ) {
	return translate( $text, $domain );
}

function _x( $text, $context, $domain = 'default' ) {
	return translate( $text, $domain );
}

function _n( $one, $many, $number, $domain = 'default' ) {
	return translate( 1 === (int) $number ? $one : $many, $domain );
}

function _e( $text, $domain = 'default' ) {
	echo translate( $text, $domain );
}

function esc_html__( $text, $domain = 'default' ) {
	return esc_html( translate( $text, $domain ) );
}

function esc_attr__( $text, $domain = 'default' ) {
	return esc_attr( translate( $text, $domain ) );
}

function esc_html_e( $text, $domain = 'default' ) {
	echo esc_html( translate( $text, $domain ) );
}

function esc_attr_e( $text, $domain = 'default' ) {
	echo esc_attr( translate( $text, $domain ) );
}

function esc_html_x( $text, $context, $domain = 'default' ) {
	return esc_html( translate( $text, $domain ) );
}

function load_plugin_textdomain( $domain, $deprecated = false, $path = false ) {
	return true;
}

function number_format_i18n( $number, $decimals = 0 ) {
	return number_format( $number, $decimals );
}

/** "3 mins", as WordPress rounds it. */
function human_time_diff( $from, $to = 0 ) {
	$seconds = abs( ( $to ?: time() ) - $from );
	$steps   = array( array( YEAR_IN_SECONDS, 'year' ), array( MONTH_IN_SECONDS, 'month' ), array( WEEK_IN_SECONDS, 'week' ), array( DAY_IN_SECONDS, 'day' ), array( HOUR_IN_SECONDS, 'hour' ), array( MINUTE_IN_SECONDS, 'min' ), array( 1, 'second' ) );
	foreach ( $steps as list( $length, $name ) ) {
		if ( $seconds >= $length || 1 === $length ) {
			$count = max( 1, (int) round( $seconds / $length ) );
			return "$count $name" . ( 1 === $count ? '' : 's' );
		}
	}
}

function wp_date( $format, $timestamp = null ) {
	return gmdate( $format, $timestamp ?? time() );
}

function get_locale() {
	return 'en_US';
}

function determine_locale() {
	return get_locale();
}

function get_bloginfo( $what = '' ) {
	$known = array( 'version' => $GLOBALS['wp_version'], 'name' => get_option( 'blogname' ), 'charset' => 'UTF-8' );
	return $known[ $what ] ?? '';
}
