<?php
/** Options and transients. */

function get_option( $name, $default = false ) {
	$places = array( 'home' => 'wordpress_home', 'siteurl' => 'site_url' );
	return stored( 'options' )[ $name ]['value'] ?? ( isset( $places[ $name ] ) ? $places[ $name ]() : $default );
}

function update_option( $name, $value, $autoload = null ) {
	store(
		'options',
		static function ( $options ) use ( $name, $value, $autoload ) {
			$was              = $options[ $name ]['autoload'] ?? 'auto';
			$options[ $name ] = array(
				'value'    => $value,
				'autoload' => null === $autoload ? $was : ( in_array( $autoload, array( true, 'yes' ), true ) ? 'on' : 'off' ),
			);
			return $options;
		}
	);
	return true;
}

function add_option( $name, $value = '', $deprecated = '', $autoload = null ) {
	return isset( stored( 'options' )[ $name ] ) ? false : update_option( $name, $value, $autoload );
}

function delete_option( $name ) {
	$there = isset( stored( 'options' )[ $name ] );
	store(
		'options',
		static function ( $options ) use ( $name ) {
			unset( $options[ $name ] );
			return $options;
		}
	);
	return $there;
}

function get_transient( $name ) {
	$kept = get_option( "_transient_$name" );
	return is_array( $kept ) && ( 0 === $kept['until'] || $kept['until'] > time() ) ? $kept['value'] : false;
}

function set_transient( $name, $value, $seconds = 0 ) {
	return update_option( "_transient_$name", array( 'value' => $value, 'until' => $seconds ? time() + $seconds : 0 ), false );
}

function delete_transient( $name ) {
	return delete_option( "_transient_$name" );
}

/** $wordpress_sites: the numbers of the shops in one installation; each has a state of its own. */
function is_multisite() {
	return isset( $GLOBALS['wordpress_sites'] );
}

function get_sites( $args = array() ) {
	return $GLOBALS['wordpress_sites'];
}

function switch_to_blog( $id ) {
	$GLOBALS['wordpress_main_state'] = getenv( 'WORDPRESS_STATE' );
	putenv( 'WORDPRESS_STATE=' . state_file() . ".$id" );
}

function restore_current_blog() {
	putenv( $GLOBALS['wordpress_main_state'] ? 'WORDPRESS_STATE=' . $GLOBALS['wordpress_main_state'] : 'WORDPRESS_STATE' );
}

const MINUTE_IN_SECONDS = 60;
const HOUR_IN_SECONDS   = 3600;
const DAY_IN_SECONDS    = 86400;
const WEEK_IN_SECONDS   = 604800;
const MONTH_IN_SECONDS  = 2592000;
const YEAR_IN_SECONDS   = 31536000;
